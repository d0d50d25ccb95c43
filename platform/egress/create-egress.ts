import { AppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { allowsEgress } from "./allows-egress.ts";
import { isReceiptingPermit } from "./create-permit.ts";
import type { Egress } from "./egress.ts";

/** Makes the one way out of the process. What is held back is counted as `provider_calls_total{outcome="held"}`. */
export const createEgress =
  ({ metrics }: { metrics?: Pick<Metrics, "providerCalls"> } = {}): Egress =>
  (permit, destination, content) => {
    if (!isReceiptingPermit(permit)) {
      throw new AppError("EGRESS_BLOCKED", "Nothing may leave without a receipt.");
    }
    const { allowed, rule } = allowsEgress(permit, destination, content);
    permit.record({
      destination: destination.name,
      kind: destination.kind,
      content,
      decision: allowed ? "sent" : "held",
      rule: `${permit.class}: ${rule}`,
    });
    if (allowed) return;
    metrics?.providerCalls.inc({ provider: destination.name, outcome: "held" });
    throw new AppError("EGRESS_BLOCKED", `This query may not be sent to '${destination.name}': ${rule}.`);
  };
