import en from "../messages/en.json";

export type Key = keyof typeof en;
export type Values = Record<string, string | number>;

const language = "en";
const numbers = new Intl.NumberFormat(language);
const plurals = new Intl.PluralRules(language);
const places = new Intl.DisplayNames(language, { type: "region" });
const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** The text of a key: `{name}` is a value, `{n, plural, one {# run} other {# runs}}` chooses by a number. */
export function t(key: Key, values: Values = {}): string {
  const chosen = en[key].replace(
    /\{(\w+), plural, one \{([^{}]*)\} other \{([^{}]*)\}\}/g,
    (_, name: string, one: string, other: string) => {
      const count = Number(values[name] ?? 0);
      return (plurals.select(count) === "one" ? one : other).replaceAll("#", number(count));
    },
  );
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}

/** What a run's status is called; one that these pages do not know says that nothing is known of the run yet. */
export function statusOf(status: string): string {
  return `status.${status}` in en ? t(`status.${status}` as Key) : t("status.unchecked");
}

/** A number with its thousands apart. */
export function number(value: number): string {
  return numbers.format(value);
}

/** Countries and unions by their codes, as a reader names them. */
export function regions(codes: string): string {
  return codes
    .split(", ")
    .map((code) => (/^[A-Z]{2}$/.test(code) ? (places.of(code) ?? code) : code))
    .join(", ");
}

/** A size on disk or in memory, in round words. */
export function bytes(value: number): string {
  for (const [unit, size] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const)
    if (value >= size) return `${numbers.format(round(value / size))} ${unit}`;
  return `${numbers.format(value)} B`;
}

/** A stretch of time in round words. */
export function duration(seconds: number): string {
  if (seconds < 90) return t("time.seconds", { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return t("time.minutes", { n: Math.round(seconds / 60) });
  return t("time.hours", { n: round(seconds / 3600) });
}

/** A moment as the reader's machine writes it. */
export function moment(text: string): string {
  const when = new Date(text);
  return Number.isNaN(when.valueOf()) ? text : moments.format(when);
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
