// The page in a real browser: a good kit, hostile ones, and two hundred that were altered. Where there is no Chromium it says so.
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  mkdtempSync,
  openSync,
  ftruncateSync,
  closeSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spliced } from "./splices";
import type { Edit } from "./splices";

const here = fileURLToPath(new URL("..", import.meta.url));
interface Vectors {
  root: string;
  files: string[];
  vectors: { name: string; of: number; edits: Edit[]; with_root: boolean; result: string; reason?: string }[];
}
const kept = (name: string): Vectors =>
  JSON.parse(readFileSync(join(here, `../../docs/formats/vectors/${name}.json`), "utf8")) as Vectors;
const vectors = kept("disclosure");
const notes = kept("note");

function browser(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      continue;
    }
  }
  return undefined;
}

const program = browser();
if (!program) console.warn("The verifier was opened in no browser: no Chromium is here.");

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Chromium, spoken to over a pipe (Chrome DevTools Protocol). */
class Chromium {
  private next = 1;
  private readonly waiting = new Map<
    number,
    { done: (result: Record<string, unknown>) => void; no: (e: Error) => void }
  >();
  private session = "";
  /** What was asked of anybody, and not held back by the page's own policy. */
  readonly asked = new Map<string, string>();
  readonly dialogs: string[] = [];

  private constructor(
    readonly process: ChildProcess,
    private readonly to: Writable,
    from: Readable,
  ) {
    let rest = "";
    from.setEncoding("utf8");
    from.on("data", (piece: string) => {
      const parts = (rest + piece).split("\0");
      rest = parts.pop() ?? "";
      for (const part of parts) this.hear(JSON.parse(part) as Message);
    });
  }

  static async start(folder: string): Promise<Chromium> {
    const flags = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--remote-debugging-pipe",
    ];
    const process = spawn(program ?? "", [...flags, `--user-data-dir=${folder}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const made = new Chromium(process, process.stdio[3] as Writable, process.stdio[4] as Readable);
    const { targetId } = await made.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await made.call("Target.attachToTarget", { targetId, flatten: true });
    made.session = String(sessionId);
    for (const domain of ["Page", "Network", "Runtime", "DOM"]) await made.call(`${domain}.enable`);
    return made;
  }

  private hear(message: Message): void {
    if (message.id !== undefined) {
      const one = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) one?.no(new Error(message.error.message));
      else one?.done(message.result ?? {});
    } else if (message.method === "Network.requestWillBeSent") {
      this.asked.set(String(message.params?.requestId), (message.params?.request as { url: string }).url);
    } else if (message.method === "Network.loadingFailed" && message.params?.blockedReason === "csp") {
      this.asked.delete(String(message.params.requestId));
    } else if (message.method === "Page.javascriptDialogOpening") {
      this.dialogs.push(String(message.params?.message));
      void this.call("Page.handleJavaScriptDialog", { accept: true });
    }
  }

  call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = this.next++;
    const session = this.session ? { sessionId: this.session } : {};
    return new Promise((done, no) => {
      this.waiting.set(id, { done, no });
      this.to.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    });
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  /** Opens a page and waits for what it finds. */
  async open(path: string): Promise<Found> {
    await this.call("Page.navigate", { url: pathToFileURL(path).href });
    return this.found();
  }

  /** What the page came to, as soon as it says so. */
  found(): Promise<Found> {
    return this.evaluate<Found>(`new Promise((done) => {
      const look = () => {
        const one = document.querySelector("[data-test=holds], [data-test=refused], [data-test=none]");
        if (!one) return false;
        done({ what: one.dataset.test, reason: one.dataset.reason ?? "", title: document.title, text: document.body.innerText });
        return true;
      };
      if (look()) return;
      const seen = new MutationObserver(() => look() && seen.disconnect());
      seen.observe(document, { childList: true, subtree: true });
    })`);
  }

  async choose(selector: string, path: string): Promise<void> {
    const { result } = await this.call("Runtime.evaluate", {
      expression: `document.querySelector(${JSON.stringify(selector)})`,
    });
    await this.call("DOM.setFileInputFiles", {
      objectId: (result as { objectId: string }).objectId,
      files: [path],
    });
  }

  /** The page in pictures of one screen each. */
  async pictures(path: string): Promise<void> {
    const height = await this.evaluate<number>("document.documentElement.scrollHeight");
    for (let y = 0; y < height; y += 1400) {
      const clip = { x: 0, y, width: 1165, height: Math.min(1400, height - y), scale: 1 };
      const { data } = await this.call("Page.captureScreenshot", {
        format: "png",
        captureBeyondViewport: true,
        clip,
      });
      writeFileSync(`${path}-${1 + y / 1400}.png`, Buffer.from(String(data), "base64"));
    }
  }
}

interface Found {
  what: "holds" | "refused" | "none";
  reason: string;
  title: string;
  text: string;
}

describe.skipIf(!program)("in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "verifier-"));
  let page = "";
  let chromium: Chromium;

  /** A kit's page: what Rust writes (`crates/workstation/src/kit.rs`), with anything in the disclosure's place. */
  const kit = (text: string, name = "kit.html"): string => {
    const told = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return raw(told, name);
  };
  const raw = (inside: string, name = "kit.html"): string => {
    const path = join(folder, name);
    const place = '<template id="disclosure">';
    writeFileSync(
      path,
      page.replace(place, () => place + inside),
    );
    return path;
  };
  const file = (name: string): string =>
    vectors.files[vectors.vectors.find((one) => one.name === name)?.of ?? -1] ?? "";
  const good = file("a corroborated lead");

  beforeAll(async () => {
    await build({
      configFile: join(here, "vite.config.ts"),
      logLevel: "error",
      build: { outDir: join(folder, "built"), emptyOutDir: true },
    });
    page = readFileSync(join(folder, "built/index.html"), "utf8");
    chromium = await Chromium.start(join(folder, "profile"));
  }, 60_000);

  afterAll(async () => {
    const ended = new Promise((done) => chromium.process.on("exit", done));
    chromium.process.kill();
    await ended;
    // Its helpers write a moment longer.
    rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  });

  it("is one file of less than two megabytes that may reach nothing", () => {
    expect(page.length).toBeLessThan(2 * 2 ** 20);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/\b(?:src|href)="/g)).toBeNull();
  });

  it("shows a good kit, and whose it is once the root key is entered", async () => {
    const found = await chromium.open(kit(good));
    expect(found).toMatchObject({ what: "holds", title: "Check a disclosure" });
    for (const told of [
      "26-000123",
      "Examiner 2",
      "Counts as independent support",
      "What could not be checked",
    ]) {
      expect(found.text).toContain(told);
    }
    const pictures = process.env.VERIFIER_PICTURES;
    if (pictures) {
      await chromium.call("Emulation.setDeviceMetricsOverride", {
        width: 1180,
        height: 900,
        deviceScaleFactor: 1,
        mobile: false,
      });
      for (const theme of ["light", "dark"]) {
        await chromium.call("Emulation.setEmulatedMedia", {
          features: [{ name: "prefers-color-scheme", value: theme }],
        });
        await chromium.pictures(join(pictures, `kit-${theme}`));
      }
      await chromium.call("Emulation.setEmulatedMedia", { media: "print" });
      await chromium.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
      await chromium.pictures(join(pictures, "kit-print"));
      await chromium.call("Emulation.setEmulatedMedia", { media: "" });
      await chromium.open(kit(good.replace("gunpoint", "knifepoint")));
      await chromium.pictures(join(pictures, "kit-refused"));
      await chromium.open(kit(good));
    }
    const entered = async (root: string): Promise<Found> => {
      const set = `document.querySelector("[data-test=root]").value = ${JSON.stringify(root)};`;
      return chromium
        .evaluate(`(async () => { ${set} document.querySelector("[data-test=compare]").click(); })()`)
        .then(() => chromium.found());
    };
    expect(await entered(vectors.root)).toMatchObject({ what: "holds" });
    expect(await chromium.evaluate("document.querySelector('[data-test=same]') !== null")).toBe(true);
    expect(await entered("ab".repeat(32))).toMatchObject({ what: "refused" });
  });

  it("takes a file that is chosen, and reads none that is too long", async () => {
    await chromium.open(kit("", "bare.html"));
    const path = join(folder, "disclosure.json");
    writeFileSync(path, good);
    await chromium.choose("[data-test=file]", path);
    await expect.poll(async () => (await chromium.found()).what, { timeout: 10_000 }).toBe("holds");
    const long = join(folder, "long.json");
    const opened = openSync(long, "w");
    ftruncateSync(opened, 100 * 2 ** 20);
    closeSync(opened);
    await chromium.choose("[data-test=file]", long);
    await expect.poll(async () => (await chromium.found()).reason, { timeout: 10_000 }).toBe("too-large");
  }, 30_000);

  it("shows of an exported note who saw it logged, and takes no altered proof", async () => {
    const of = notes.vectors.find((one) => one.name.startsWith("logged by the department"))?.of ?? -1;
    const logged = notes.files[of] ?? "";
    const found = await chromium.open(kit(logged));
    expect(found).toMatchObject({ what: "holds" });
    expect(found.text).toContain("The note is row 21 of 28 in the department’s ledger.");
    expect(found.text).toContain("Witness defender.example/w1 saw it there at");
    const pictures = process.env.VERIFIER_PICTURES;
    if (pictures) await chromium.pictures(join(pictures, "kit-note"));
    const altered = await chromium.open(kit(logged.replace("\\nindex 20\\n", "\\nindex 22\\n")));
    expect(altered).toMatchObject({ what: "refused", reason: "ledger" });
  });

  it("shows of a disclosure what of it was logged, and says plainly what was not", async () => {
    const found = await chromium.open(kit(file("logged by the department, seen by its witness")));
    expect(found).toMatchObject({ what: "holds" });
    expect(found.text).toContain("In the department’s ledger: notes 1 of 1, reviews 1 of 1,");
    expect(found.text).toContain("events of the audit 4 of 4.");
    expect(found.text).toContain("Witness defender.example/w1 saw");
    expect(found.text).not.toContain("Never shown to be logged");
    const pictures = process.env.VERIFIER_PICTURES;
    if (pictures) await chromium.pictures(join(pictures, "kit-logged"));
    const partly = await chromium.open(kit(file("its records logged, and no event")));
    expect(partly.text).toContain("Never shown to be logged: notes 0 of 1,");
    expect(partly.text).toContain("events of the audit 4 of 4. Nobody outside");
    expect((await chromium.open(kit(good))).text).toContain("The file claims no ledger");
    const altered = kit(
      file("logged by the department, seen by its witness").replace("index 20", "index 22"),
    );
    expect(await chromium.open(altered)).toMatchObject({ what: "refused", reason: "ledger" });
  });

  it("takes no word of a record for its own", async () => {
    const found = await chromium.open(kit(file("markup in its texts")));
    expect(found).toMatchObject({ what: "holds", title: "Check a disclosure" });
    expect(found.text).toContain("<script>document.title='owned'</script>");
    expect(await chromium.evaluate("document.querySelectorAll('main script, main img').length")).toBe(0);
  });

  it("runs nothing that somebody wrote into the page", async () => {
    const written = [
      `</template><script>document.title='owned'</script>`,
      `</template><img src=x onerror="document.title='owned'">`,
      `</template><svg onload="document.title='owned'">`,
      `</template><iframe src="https://example.org/"></iframe>`,
      `</template><link rel=stylesheet href="https://example.org/x.css"><base href="https://example.org/">`,
      `</template><form action="https://example.org/"><button autofocus>Send</button></form>`,
    ];
    for (const markup of written) {
      // Some of it swallows the page's own script: then nothing runs at all.
      await chromium.call("Page.navigate", {
        url: pathToFileURL(raw(good.replaceAll("<", "&lt;") + markup)).href,
      });
      const loaded =
        "new Promise((done) => (document.readyState === 'complete' ? done() : addEventListener('load', done)))";
      await chromium.evaluate(`${loaded}.then(() => new Promise((done) => setTimeout(done, 50)))`);
      expect(["Check a disclosure", "Corroborate"], markup).toContain(
        await chromium.evaluate("document.title"),
      );
    }
  });

  it("believes none of two hundred that were altered", async () => {
    const altered: [name: string, text: string, reason: string | undefined][] = [];
    const refused = vectors.vectors.filter(
      (one) => one.result === "refused" && !one.with_root && one.reason !== "sentences",
    );
    for (const one of refused.slice(0, 110))
      altered.push([one.name, spliced(vectors.files[one.of] ?? "", one.edits), one.reason]);
    for (let n = 0; altered.length < 195; n++) {
      const at = Math.floor(((n + 0.5) * good.length) / 90);
      const other = good[at] === "0" ? "1" : "0";
      altered.push([`byte ${at}`, good.slice(0, at) + other + good.slice(at + 1), undefined]);
    }
    const name = (text: string): string => good.replace('"Examiner 1"', () => JSON.stringify(text));
    altered.push(["a name of 20 megabytes", name("A".repeat(20 * 2 ** 20)), "hash"]);
    altered.push(["a name of 100 megabytes", name("A".repeat(100 * 2 ** 20)), "too-large"]);
    altered.push(["a script in a name", name("<script>document.title='owned'</script>"), "hash"]);
    altered.push([
      "an end of the place in a name",
      name("</template><script>document.title='owned'</script>"),
      "hash",
    ]);
    altered.push(["a hundred thousand lists", "[".repeat(100_000), "not-text"]);
    expect(altered.length).toBe(200);
    const judge = (found: Found, [what, , reason]: (typeof altered)[number]): void => {
      expect(found, what).toMatchObject({ title: "Check a disclosure", what: "refused" });
      if (reason !== undefined) expect(found.reason, what).toBe(reason);
    };
    // Some as they come in a kit, the others as files that are chosen in one page.
    const inKit = (n: number, text: string): boolean => (n % 4 === 0 || n >= 195) && text !== "";
    for (const one of altered.filter(([, text], n) => inKit(n, text)))
      judge(await chromium.open(kit(one[1])), one);
    await chromium.open(kit("", "bare.html"));
    const path = join(folder, "altered.json");
    for (const one of altered.filter(([, text], n) => !inKit(n, text))) {
      writeFileSync(path, one[1]);
      await chromium.evaluate("document.querySelector('[data-test=finding]').replaceChildren()");
      await chromium.choose("[data-test=file]", path);
      judge(await chromium.found(), one);
    }
  }, 240_000);

  it("asked nothing of any network, and opened no dialog", () => {
    expect([...chromium.asked.values()].filter((url) => !/^(?:file|about|data|blob):/.test(url))).toEqual([]);
    expect(chromium.dialogs).toEqual([]);
  });
});
