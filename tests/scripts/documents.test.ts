import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { Settings } from "../../platform/config/settings.ts";
import { runAthena } from "../support/run-command.ts";

const root = resolve(import.meta.dirname, "../..");
const pages = ["README.md", "CONTRIBUTING.md"] as const;
const read = (page: string) => readFileSync(resolve(root, page), "utf8");

/** The commands in the pages' shell blocks, a heredoc with the line that begins it. */
const commandsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.includes("<<") ? [block.trim()] : block.trim().split("\n"),
  );

const helps = new Map<string, ReturnType<typeof runAthena>>();
/** A process each, but only once for each subcommand. */
const helpOf = (subcommand: string): ReturnType<typeof runAthena> => {
  const help = helps.get(subcommand) ?? runAthena([...subcommand.split(" "), "--help"]);
  helps.set(subcommand, help);
  return help;
};

describe.each(pages)("%s", (page) => {
  test.each(commandsOf(page))("'%s' can be run", async (command) => {
    for (const part of command.split(" && ")) {
      const words = part.replace(/^(?:[A-Z_]+=\S+ )+/, (settings) => {
        for (const [, name] of settings.matchAll(/([A-Z_]+)=/g)) expect(Object.keys(Settings.shape)).toContain(name);
        return "";
      });
      const [program, ...parameters] = words.split(" ");
      if (program === "npm") {
        const script = parameters[0] === "run" ? parameters[1] : parameters[0];
        expect(["ci", ...Object.keys(manifest.scripts)]).toContain(script);
      } else if (program === "npx") {
        expect(parameters[0]).toBe("athena");
        const [subcommand = "", ...rest] = parameters.slice(1);
        const options = rest.filter((word) => word.startsWith("--"));
        // Where a command has commands of its own, options are theirs.
        const isOfChild = options.length > 0 && (await helpOf(subcommand)).stdout.includes("\nCommands:");
        const { code, stdout } = await helpOf(isOfChild ? `${subcommand} ${rest[0]}` : subcommand);
        expect(code).toBe(0);
        for (const option of options) expect(stdout).toContain(option);
      } else {
        // The example request is run against a whole engine in tests/end-to-end.
        expect(program).toBe("curl");
      }
    }
  });

  test("links lead to files", () => {
    for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(resolve(dirname(resolve(root, page)), target)), target).toBe(true);
    }
  });

  test("names only settings and files that exist", () => {
    const names = read(page).match(/`(?:ATHENA|OPENAI|OLLAMA)_[A-Z_]+`|`[A-Z]+_(?:API_KEY|URL|FEEDS)`/g) ?? [];
    for (const name of names.filter((one) => one !== "`FERRIES_URL`"))
      expect(Object.keys(Settings.shape)).toContain(name.slice(1, -1));
    const made = /ferr(?:y|ies)|shorten-text/;
    const paths = (
      read(page).match(
        /`(?:server|graphs|nodes|tools|rag-services|atlas|platform|migrations|tests|scripts|docs)\/[\w./-]*`/g,
      ) ?? []
    )
      .map((path) => path.slice(1, -1))
      .filter((path) => !made.test(path));
    for (const path of paths) expect(existsSync(resolve(root, path)), path).toBe(true);
  });
});
