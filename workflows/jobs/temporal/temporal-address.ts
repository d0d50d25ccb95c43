/** Where Temporal is, and how it is spoken to. */
export interface TemporalAddress {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** Makes the connection a TLS one, as certificates and a key do. */
  readonly tls?: boolean;
  readonly apiKey?: string;
  /** PEM; the server's authority where it is not a public one. */
  readonly serverCa?: Buffer;
  /** PEM; how this client shows who it is. */
  readonly client?: { readonly certificate: Buffer; readonly key: Buffer };
}

/** The same for the client's and for the worker's connection. */
export const connectionOptions = ({ address, tls, apiKey, serverCa, client }: TemporalAddress) => {
  const isTls = tls === true || apiKey !== undefined || serverCa !== undefined || client !== undefined;
  const certificates = {
    ...(serverCa ? { serverRootCACertificate: serverCa } : {}),
    ...(client ? { clientCertPair: { crt: client.certificate, key: client.key } } : {}),
  };
  return { address, tls: isTls ? certificates : null, ...(apiKey === undefined ? {} : { apiKey }) };
};
