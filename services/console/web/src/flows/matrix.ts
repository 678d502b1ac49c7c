import type { EChartsCoreOption } from 'echarts/core';
import type { Flows } from '../../../src/contract/index.js';
import type { Palette } from '../charts/palette.js';

export type FlowPair = Flows['pairs'][number];

export interface OdMatrix {
  origins: string[];
  destinations: string[];
  /** By `from` and `to`; undefined where nobody was seen to go. */
  at: (from: string, to: string) => FlowPair | undefined;
  rowSums: Map<string, number>;
  columnSums: Map<string, number>;
  total: number;
  largest: number;
}

/** Origins and destinations in the plan's order; those not in the plan (any more) last. */
export function odMatrix(pairs: readonly FlowPair[], order: readonly string[]): OdMatrix {
  const rank = new Map(order.map((id, i) => [id, i]));
  const sorted = (ids: Iterable<string>): string[] =>
    [...new Set(ids)].sort(
      (a, b) => (rank.get(a) ?? Infinity) - (rank.get(b) ?? Infinity) || a.localeCompare(b),
    );
  const byPair = new Map(pairs.map((pair) => [key(pair.from, pair.to), pair]));
  const rowSums = new Map<string, number>();
  const columnSums = new Map<string, number>();
  let total = 0;
  let largest = 0;
  for (const { from, to, journeys } of pairs) {
    rowSums.set(from, (rowSums.get(from) ?? 0) + journeys);
    columnSums.set(to, (columnSums.get(to) ?? 0) + journeys);
    total += journeys;
    largest = Math.max(largest, journeys);
  }
  return {
    origins: sorted(pairs.map(({ from }) => from)),
    destinations: sorted(pairs.map(({ to }) => to)),
    at: (from, to) => byPair.get(key(from, to)),
    rowSums,
    columnSums,
    total,
    largest,
  };
}

const key = (from: string, to: string): string => JSON.stringify([from, to]);

export interface Trust {
  /** Share of all movements that lead over a join of tracks; null where nobody knows. */
  joinedShare: number | null;
  /** How sure those joins are, 0 to 1, by movement. */
  confidence: number | null;
}

/** Both weighted with the movements that they are of. */
export function trustOf(pairs: readonly FlowPair[]): Trust {
  return {
    joinedShare: weighted(pairs, ({ joinedShare }) => joinedShare),
    confidence: weighted(
      pairs.filter(({ joinedShare }) => (joinedShare ?? 0) > 0),
      ({ meanConfidence }) => meanConfidence,
      ({ journeys, joinedShare }) => journeys * (joinedShare ?? 0),
    ),
  };
}

function weighted(
  pairs: readonly FlowPair[],
  valueOf: (pair: FlowPair) => number | null,
  weightOf: (pair: FlowPair) => number = ({ journeys }) => journeys,
): number | null {
  let sum = 0;
  let weight = 0;
  for (const pair of pairs) {
    const value = valueOf(pair);
    if (value === null) continue;
    sum += value * weightOf(pair);
    weight += weightOf(pair);
  }
  return weight === 0 ? null : sum / weight;
}

/** How strong a cell is shaded, 0 to 1: by the square root, so that small flows are still told apart. */
export const shade = (journeys: number, largest: number): number =>
  largest === 0 ? 0 : Math.sqrt(journeys / largest);

/** Links that a Sankey still shows legibly; the rest is in the table. */
export const SANKEY_LINKS_MAX = 60;

/** The largest flows. */
export function sankeyPairs(pairs: readonly FlowPair[]): FlowPair[] {
  return pairs
    .filter(({ journeys }) => journeys > 0)
    .toSorted((a, b) => b.journeys - a.journeys)
    .slice(0, SANKEY_LINKS_MAX);
}

/**
 * Origins left, destinations right, each place twice: people go from A to B and from B to A, and a Sankey of single places
 * would be a circle, which it cannot draw.
 */
export function sankeyOption(
  pairs: readonly FlowPair[],
  nameOf: (id: string) => string,
  order: readonly string[],
  colours: Palette,
  words: { from: string; to: string; journeys: (count: number) => string },
): EChartsCoreOption {
  const shown = sankeyPairs(pairs);
  const places = [...new Set(shown.flatMap(({ from, to }) => [from, to]))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const colourOf = (id: string): string =>
    colours.series[places.indexOf(id) % colours.series.length] ?? colours.text;
  const nodes = (side: 'from' | 'to', depth: number): object[] =>
    places
      .filter((id) => shown.some((pair) => pair[side] === id))
      .map((id) => ({
        name: `${side} ${id}`,
        depth,
        itemStyle: { color: colourOf(id) },
        label: { position: side === 'from' ? 'right' : 'left' },
      }));
  const plain = (node: string): string => nameOf(node.slice(node.indexOf(' ') + 1));
  return {
    animation: false,
    tooltip: {
      formatter: (item: unknown) => {
        const { dataType, data, name, value } = item as {
          dataType: string;
          data: { source?: string; target?: string };
          name: string;
          value: number;
        };
        return dataType === 'edge'
          ? `${plain(data.source ?? '')} → ${plain(data.target ?? '')}\n${words.journeys(value)}`
          : `${plain(name)} (${name.startsWith('from ') ? words.from : words.to})\n${words.journeys(value)}`;
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 4,
        top: 8,
        bottom: 8,
        nodeGap: 10,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        label: {
          color: colours.text,
          textBorderColor: colours.surface,
          textBorderWidth: 3,
          fontSize: colours.fontPx,
          formatter: ({ name }: { name: string }) => plain(name),
        },
        lineStyle: { color: 'source', opacity: 0.4 },
        data: [...nodes('from', 0), ...nodes('to', 1)],
        links: shown.map(({ from, to, journeys }) => ({
          source: `from ${from}`,
          target: `to ${to}`,
          value: journeys,
        })),
      },
    ],
  };
}
