/** Who a request comes from. `local` is the single user of an engine without identity, reachable on loopback only. */
export interface Principal {
  /** `local`, `key:NAME` or `key:HASHPREFIX`. */
  readonly id: string;
  readonly roles: readonly string[];
  /** The client profile of the key (`openai` unless named). */
  readonly profile: string;
}

/** The single user of an engine without identity. */
export const localPrincipal: Principal = Object.freeze({ id: "local", roles: ["user", "admin"], profile: "openai" });
