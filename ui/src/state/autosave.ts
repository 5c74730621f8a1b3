// What is typed is sent a moment after the last key stroke, one form after the other, and again where it could not be stored.

/** How long after the last key stroke a form is sent, in milliseconds. */
const PAUSE = 250;

export interface Storing<Form> {
  /** What sends the form as it stands now, whatever is opened until its turn comes; nothing where there is nothing to send. */
  sending: (form: Form) => (() => Promise<void>) | null;
  /** Says a failure; whether the form is to be sent again. */
  failed: (thrown: unknown) => Promise<boolean>;
  /** Told whether all that was typed is stored. */
  stored: (all: boolean) => void;
}

export class Autosave<Form> {
  #queue: Promise<void> = Promise.resolve();
  #timers = new Map<Form, ReturnType<typeof setTimeout>>();
  #unsent = new Set<Form>();

  constructor(private readonly storing: Storing<Form>) {}

  /** A form was changed: sends it soon. */
  touch(form: Form): void {
    this.storing.stored(false);
    clearTimeout(this.#timers.get(form));
    this.#timers.set(
      form,
      setTimeout(() => {
        this.#send(form);
      }, PAUSE),
    );
  }

  #send(form: Form): void {
    clearTimeout(this.#timers.get(form));
    this.#timers.delete(form);
    const send = this.storing.sending(form);
    if (!send) return;
    const sent = this.#queue.then(async () => {
      try {
        await send();
        this.#unsent.delete(form);
      } catch (thrown) {
        if (await this.storing.failed(thrown)) this.#unsent.add(form);
        else this.#unsent.delete(form);
      }
      this.storing.stored(this.#timers.size === 0 && this.#queue === sent);
    });
    this.#queue = sent;
  }

  /** Once everything that was sent so far has been answered. */
  async answered(): Promise<void> {
    await this.#queue;
  }

  /** Sends what is typed, also what is typed until then. Whether all of it is stored; what is not is sent again by the next call. */
  async flush(): Promise<boolean> {
    for (const form of this.#unsent) this.#send(form);
    let awaited: Promise<void>;
    do {
      for (const form of [...this.#timers.keys()]) this.#send(form);
      awaited = this.#queue;
      await awaited;
      // What was typed meanwhile may wait for its pause, or was sent after it.
    } while (this.#timers.size > 0 || this.#queue !== awaited);
    return this.#unsent.size === 0;
  }

  /** Forgets what was not sent: everything of the case is stored, or it is somebody else's now. */
  forget(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#unsent.clear();
  }
}
