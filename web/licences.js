import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const WORDS = "What the pages are built with and carry inside them, with its licences.\n";

/** The folder of the package that a module lies in; undefined for our own. */
function packageOf(module) {
  const parts = module.split("?")[0].replace(/^\0/, "").split("/node_modules/");
  if (parts.length < 2) return undefined;
  const last = parts.at(-1).split("/");
  const name = last[0].startsWith("@") ? last.slice(0, 2).join("/") : last[0];
  const folder = join(parts.slice(0, -1).join("/node_modules/"), "node_modules", name);
  return existsSync(join(folder, "package.json")) ? folder : undefined;
}

/** One package's name, version, licence and the licence's own text. */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} ${version} has no licence file: look what it allows before it is bundled`);
  return `== ${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

/** A plugin that writes LICENSES.txt: the notices of all packages whose code is in the bundle. */
export function licences() {
  return {
    name: "licences",
    apply: "build",
    generateBundle() {
      const folders = new Set([...this.getModuleIds()].map(packageOf).filter(Boolean));
      const notices = [...folders]
        .toSorted((a, b) => dirname(a).localeCompare(dirname(b)) || a.localeCompare(b))
        .map(notice);
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: [WORDS, ...notices].join("\n") });
    },
  };
}
