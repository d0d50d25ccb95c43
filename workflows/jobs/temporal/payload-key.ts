import type { MasterKey } from "../../../atlas/master-key.ts";
import type { PayloadKey } from "./payload-codec.ts";

const purpose = "temporal payloads";

/** The key of everything that Temporal keeps: derived from the master key, so every process that has that can read it. */
export const payloadKeyOf = (masterKey: MasterKey): PayloadKey => ({
  id: masterKey.mac(purpose)("key id").slice(0, 16),
  box: masterKey.box(purpose),
});
