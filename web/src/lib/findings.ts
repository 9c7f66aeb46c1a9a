import type { Checked, Finding } from "./contract";
import type { Note } from "./editor";

/** Findings of one rule: the rule is said once, its places are listed. */
export type Group = {
  id: string;
  severity: string;
  title: string;
  ground: string[];
  fix: Finding["fix"];
  places: Finding[];
};

const GRAVEST = ["prohibited", "high", "serious", "medium", "moderate", "low", "minor", "info"];

function gravity(severity: string): number {
  const found = GRAVEST.indexOf(severity);
  return found < 0 ? GRAVEST.length : found;
}

function look(severity: string): Note["severity"] {
  const grave = gravity(severity);
  return grave === 0 ? "error" : grave < 5 ? "warning" : "info";
}

/** Everything that a check says of places in the text, in the order of the text. */
export function notes(checked: Checked): Note[] {
  const errors = checked.errors.map(({ line, column, message }): Note => ({
    line,
    column,
    message,
    severity: "error",
  }));
  const found = checked.findings.map((each): Note => ({
    line: each.line,
    column: each.column,
    severity: look(each.severity),
    message: `${each.title}: ${each.message} (${each.ground.join("; ")})`,
  }));
  return [...errors, ...found].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The findings by rule, the gravest first, then those with most places. */
export function groups(findings: Finding[]): Group[] {
  const found = new Map<string, Group>();
  for (const each of findings) {
    const { id, severity, title, ground, fix } = each;
    const group = found.get(id) ?? { id, severity, title, ground, fix, places: [] };
    group.places.push(each);
    found.set(id, group);
  }
  return [...found.values()].toSorted(
    (a, b) => gravity(a.severity) - gravity(b.severity) || b.places.length - a.places.length,
  );
}
