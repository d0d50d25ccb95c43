import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const debianFolders = (): string[] => {
  try {
    const versions = readdirSync("/usr/lib/postgresql").sort((one, other) => Number(other) - Number(one));
    return versions.map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
};

/** Where a program is: on the search path, in Debian's folders of PostgreSQL or in Go's; undefined when it is not installed. */
export const findProgram = (name: string): string | undefined =>
  [...debianFolders(), ...(process.env.PATH ?? "").split(delimiter), join(homedir(), "go", "bin")]
    .map((folder) => join(folder, name))
    .find(isExecutable);

const programs = { postgres: "initdb", redis: "redis-server", nats: "nats-server", temporal: "temporal" } as const;

/**
 * A group of tests that needs a real server. Without its program the group is skipped by name and reason; where `CI` is set
 * a missing program is a failure, so that no run passes by leaving tests out.
 */
export const describeWithServer = (server: keyof typeof programs, name: string, suite: () => void): void => {
  const isMissing = findProgram(programs[server]) === undefined;
  const reason = `${programs[server]} is not installed; scripts/provision.sh installs it`;
  if (isMissing && process.env.CI) {
    test(name, () => {
      throw new Error(reason);
    });
  } else describe.skipIf(isMissing)(isMissing ? `${name} (${reason})` : name, suite);
};
