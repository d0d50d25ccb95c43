/** How a deep core is called in what an engine keeps of it: a label of metrics and a row of a table. */
export const coreNamePattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** One that is given no name, as the only core mostly is. */
export const defaultCoreName = "core";
