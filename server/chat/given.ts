type Absent = null | undefined;
type AbsentKeys<T> = { [K in keyof T]-?: Extract<T[K], Absent> extends never ? never : K }[keyof T];

/** `T` with the keys that may be null or undefined made optional. */
export type Given<T> = Omit<T, AbsentKeys<T>> & { [K in AbsentKeys<T>]?: Exclude<T[K], Absent> };

/** Only what was given: keys whose value is null or undefined are left out. */
export const given = <T extends object>(value: T): Given<T> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined)) as Given<T>;
