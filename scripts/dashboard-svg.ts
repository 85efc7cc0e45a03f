import type { PanelModel } from "../dashboards/model";

/** A line of a panel: its name, and its values with their times in seconds. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A panel with what Prometheus answered to it. */
export interface Drawn {
  readonly panel: PanelModel;
  readonly lines: readonly Line[];
}

const cell = { width: 40, height: 26 };
const head = 44;
const colours = ["#3274d9", "#56a64b", "#e0812b", "#8f3bb8", "#d44a3a", "#00868b", "#b5a000", "#6e6e6e"];
const red = "#c4162a";

/** A drawing of a dashboard's panels: where Grafana puts them, with what Prometheus answered, but not Grafana's own. */
export function dashboardSvg(title: string, drawn: readonly Drawn[]): string {
  const bottom = Math.max(0, ...drawn.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const [width, height] = [24 * cell.width, head + bottom * cell.height];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#f4f5f5"/>`,
    text(8, 28, title, 'font-size="18" font-weight="bold"'),
    ...drawn.map(panelSvg),
    "</svg>",
    "",
  ].join("\n");
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function panelSvg({ panel, lines }: Drawn): string {
  const { x, y, w, h } = panel.gridPos;
  const box: Box = {
    x: x * cell.width + 4,
    y: head + y * cell.height + 4,
    w: w * cell.width - 8,
    h: h * cell.height - 8,
  };
  const { unit, thresholds } = panel.fieldConfig.defaults;
  const alarm = thresholds?.steps.map(({ value }) => value).find((value) => value !== null && value !== undefined);
  return [
    `<rect x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}" rx="3" fill="#fff" stroke="#d8d9da"/>`,
    text(box.x + 8, box.y + 16, panel.title, 'font-weight="bold"'),
    panel.type === "timeseries"
      ? graph(box, lines, unit, alarm ?? undefined)
      : figure(box, lines, unit, alarm ?? undefined),
  ].join("\n");
}

function figure({ x, y, w, h }: Box, lines: readonly Line[], unit: string, alarm: number | undefined): string {
  const value = lines[0]?.points.at(-1)?.[1];
  const colour = value !== undefined && alarm !== undefined && value >= alarm ? red : "#56a64b";
  const shown = value === undefined ? "no data" : readable(value, unit);
  return text(x + w / 2, y + h / 2 + 18, shown, `font-size="26" text-anchor="middle" fill="${colour}"`);
}

const mostNames = 4;

function graph({ x, y, w, h }: Box, lines: readonly Line[], unit: string, alarm: number | undefined): string {
  const area = { x: x + 62, y: y + 26, w: w - 74, h: h - 66 };
  const points = lines.flatMap((line) => line.points);
  const values = [...points.map(([, value]) => value), ...(alarm === undefined ? [] : [alarm])].filter(Number.isFinite);
  if (points.length === 0 || values.length === 0) return text(x + w / 2, y + h / 2, "no data", 'text-anchor="middle"');
  const [low, high] = spread(Math.min(0, ...values), Math.max(...values));
  const [from, to] = spread(Math.min(...points.map(([at]) => at)), Math.max(...points.map(([at]) => at)));
  const across = (at: number): number => area.x + ((at - from) / (to - from)) * area.w;
  const down = (value: number): number => area.y + area.h - ((value - low) / (high - low)) * area.h;
  const ticks = [low, (low + high) / 2, high].flatMap((value) => [
    `<line x1="${area.x}" x2="${area.x + area.w}" y1="${round(down(value))}" y2="${round(down(value))}" stroke="#e9edf2"/>`,
    text(area.x - 6, down(value) + 4, readable(value, unit), 'text-anchor="end" fill="#6e6e6e"'),
  ]);
  const times = [from, to].map((at, index) =>
    text(across(at), area.y + area.h + 14, clock(at), `text-anchor="${index === 0 ? "start" : "end"}" fill="#6e6e6e"`),
  );
  const drawn = lines.map(({ points: each }, index) => {
    const path = each
      .filter(([, value]) => Number.isFinite(value))
      .map(([at, value]) => `${round(across(at))},${round(down(value))}`);
    return `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="1.5" points="${path.join(" ")}"/>`;
  });
  const limit =
    alarm === undefined
      ? []
      : [
          `<line x1="${area.x}" x2="${area.x + area.w}" y1="${round(down(alarm))}" y2="${round(down(alarm))}" stroke="${red}" stroke-dasharray="5 3"/>`,
        ];
  return [...ticks, ...times, ...drawn, ...limit, ...legend(lines, { x: x + 8, y: y + h - 8, w: w - 16, h: 0 })].join(
    "\n",
  );
}

function legend(lines: readonly Line[], { x, y, w }: Box): readonly string[] {
  const shown = lines.slice(0, mostNames);
  const room = w / Math.max(1, shown.length);
  const most = Math.floor(room / 6.5) - 3;
  const names = shown.map(({ name }) => (name.length > most ? `…${name.slice(1 - most)}` : name));
  return names.flatMap((name, index) => [
    `<rect x="${round(x + index * room)}" y="${y - 8}" width="8" height="8" fill="${colourOf(index)}"/>`,
    text(x + index * room + 12, y, index === mostNames - 1 && lines.length > mostNames ? `${name}, …` : name),
  ]);
}

const colourOf = (index: number): string => colours[index % colours.length] ?? "#000";
const round = (value: number): number => Math.round(value * 10) / 10;
const spread = (low: number, high: number): readonly [number, number] => (low === high ? [low, low + 1] : [low, high]);
const clock = (at: number): string => new Date(at * 1000).toISOString().slice(11, 16);

const text = (x: number, y: number, content: string, attributes = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A value with its unit, as short as people write it. */
export function readable(value: number, unit: string): string {
  const short = (count: number): string => String(Number(count.toPrecision(3)));
  if (unit === "percentunit") return `${short(value * 100)} %`;
  if (unit === "percent") return `${short(value)} %`;
  if (unit === "bytes" || unit === "Bps") {
    const power = value === 0 ? 0 : Math.min(4, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
    return `${short(value / 1024 ** power)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}${unit === "Bps" ? "/s" : ""}`;
  }
  const [before, after] = marks[unit] ?? ["", ""];
  return `${before}${short(value)}${after}`;
}

const marks: Readonly<Record<string, readonly [before: string, after: string]>> = {
  currencyUSD: ["$", ""],
  currencyRUB: ["₽", ""],
  s: ["", " s"],
  ms: ["", " ms"],
  ops: ["", " /s"],
  reqps: ["", " /s"],
  wps: ["", " /s"],
};
