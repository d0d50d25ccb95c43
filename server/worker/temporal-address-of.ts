import { readFile } from "node:fs/promises";
import type { Settings } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { TemporalAddress } from "../../workflows/jobs/temporal/temporal-address.ts";

export type TemporalSettings = Pick<
  Settings,
  | "TEMPORAL_ADDRESS"
  | "TEMPORAL_NAMESPACE"
  | "TEMPORAL_API_KEY"
  | "TEMPORAL_TLS"
  | "TEMPORAL_TLS_SERVER_CA_FILE"
  | "TEMPORAL_TLS_CLIENT_CERT_FILE"
  | "TEMPORAL_TLS_CLIENT_KEY_FILE"
>;

const pem = async (name: keyof TemporalSettings, path: string | undefined): Promise<Buffer | undefined> => {
  if (path === undefined) return undefined;
  return readFile(path).catch((cause: unknown) => {
    throw new AppError("CONFIG_INVALID", `${name}: the file cannot be read.`, { cause });
  });
};

/** Where Temporal is, as the settings say. @throws {AppError} CONFIG_INVALID: no address, or a file that cannot be read. */
export const temporalAddressOf = async (settings: TemporalSettings): Promise<TemporalAddress> => {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_API_KEY: apiKey } = settings;
  if (address === undefined) {
    throw new AppError("CONFIG_INVALID", "TEMPORAL_ADDRESS is not set: a worker does the steps of jobs on Temporal.");
  }
  const [serverCa, certificate, key] = await Promise.all([
    pem("TEMPORAL_TLS_SERVER_CA_FILE", settings.TEMPORAL_TLS_SERVER_CA_FILE),
    pem("TEMPORAL_TLS_CLIENT_CERT_FILE", settings.TEMPORAL_TLS_CLIENT_CERT_FILE),
    pem("TEMPORAL_TLS_CLIENT_KEY_FILE", settings.TEMPORAL_TLS_CLIENT_KEY_FILE),
  ]);
  if ((certificate === undefined) !== (key === undefined)) {
    throw new AppError(
      "CONFIG_INVALID",
      "TEMPORAL_TLS_CLIENT_CERT_FILE and TEMPORAL_TLS_CLIENT_KEY_FILE belong together: set both or none.",
    );
  }
  return {
    address,
    namespace,
    tls: settings.TEMPORAL_TLS === "on",
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(serverCa ? { serverCa } : {}),
    ...(certificate && key ? { client: { certificate, key } } : {}),
  };
};
