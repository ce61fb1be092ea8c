/** Metrics as OpenMetrics text: counters, gauges and two histograms. Label values come from short lists of our own, except for model names. */
export interface Counters {
  add(name: CounterName, labels: Labels, by?: number): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  text(gauges: Readonly<Record<string, number>>): string;
}

export type Labels = Readonly<Record<string, string>>;

const COUNTERS = {
  requests: "Requests, by path, status and what became of them.",
  attempts: "Attempts at vendors, by model and how they ended: answered, repaired (asked again in another way), or the reason.",
  tokens: "Tokens that vendors counted, by model and kind.",
  cost_usd: "US dollars by the prices that are stated, by model.",
  dropped_events: "Events of streams that could not be read and were left out.",
} as const;
const HISTOGRAMS = {
  first_content_seconds: "From the request to the first content.",
  request_seconds: "From the request to the answer's end.",
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Clients name models: more series than this are one. */
const MOST_SERIES = 2000;
const PREFIX = "signalbox_gateway";

interface Row {
  readonly name: CounterName | HistogramName;
  readonly labels: string;
  sum: number;
  /** How many came to it, all in all and by bucket; of a histogram alone. */
  count: number;
  readonly counts: number[];
}

/** Rows by the values of their labels, one after the other: several are looked for at each request, and no text is made for that. */
interface Branch {
  row: Row | undefined;
  next: Map<string, Branch> | undefined;
}

export function createCounters(): Counters {
  const rows: Row[] = [];
  const roots = new Map<string, Branch>();
  const rowOf = (name: CounterName | HistogramName, labels: Labels): Row => {
    const root = branch(roots, name);
    let at = root;
    // Clients name models: what is too much counts without labels.
    const isFull = rows.length >= MOST_SERIES;
    for (const label in labels) {
      const value = labels[label] ?? "";
      const next = isFull ? at.next?.get(value) : branch((at.next ??= new Map()), value);
      at = next ?? root;
      if (next === undefined) break;
    }
    if (at.row !== undefined) return at.row;
    const row = { name, labels: at === root ? "" : labelText(labels), sum: 0, count: 0, counts: BUCKETS.map(() => 0) };
    at.row = row;
    rows.push(row);
    return row;
  };
  return {
    add: (name, labels, by = 1) => {
      rowOf(name, labels).sum += by;
    },
    observe: (name, labels, seconds) => {
      const row = rowOf(name, labels);
      const { counts } = row;
      for (let i = BUCKETS.length - 1; i >= 0 && seconds <= (BUCKETS[i] ?? 0); i--) counts[i] = (counts[i] ?? 0) + 1;
      row.sum += seconds;
      row.count++;
    },
    text: (gauges) => {
      const lines: string[] = [];
      for (const [name, value] of Object.entries(gauges)) lines.push(`# TYPE ${PREFIX}_${name} gauge`, `${PREFIX}_${name} ${value}`);
      for (const [name, help] of Object.entries(COUNTERS)) {
        lines.push(`# TYPE ${PREFIX}_${name} counter`, `# HELP ${PREFIX}_${name} ${help}`);
        for (const row of rows) if (row.name === name) lines.push(`${PREFIX}_${name}_total${braced(row.labels)} ${row.sum}`);
      }
      for (const [name, help] of Object.entries(HISTOGRAMS)) {
        lines.push(`# TYPE ${PREFIX}_${name} histogram`, `# HELP ${PREFIX}_${name} ${help}`);
        for (const row of rows) if (row.name === name) lines.push(...histogramLines(name, row));
      }
      return `${lines.join("\n")}\n# EOF\n`;
    },
  };
}

function histogramLines(name: string, { labels, counts, sum, count }: Row): string[] {
  const also = labels === "" ? "" : `${labels},`;
  return [
    ...BUCKETS.map((limit, i) => `${PREFIX}_${name}_bucket{${also}le="${limit}"} ${counts[i] ?? 0}`),
    `${PREFIX}_${name}_bucket{${also}le="+Inf"} ${count}`,
    `${PREFIX}_${name}_sum${braced(labels)} ${sum}`,
    `${PREFIX}_${name}_count${braced(labels)} ${count}`,
  ];
}

function branch(of: Map<string, Branch>, value: string): Branch {
  const known = of.get(value);
  if (known !== undefined) return known;
  const made: Branch = { row: undefined, next: undefined };
  of.set(value, made);
  return made;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.slice(0, 200).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`)
    .join(",");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
