import type { PolicySummary } from "../../api/bindings";
import { say } from "../../text/catalogue";

/** What a face's overall quality is worth by the policy in force; without one nothing is said against it. */
export function judged(quality: number, policy?: PolicySummary): string {
  if (quality >= (policy?.quality_target ?? 0)) return say("probe-quality-sufficient");
  return say(quality >= (policy?.quality_floor ?? 0) ? "probe-quality-low" : "probe-quality-too-low");
}
