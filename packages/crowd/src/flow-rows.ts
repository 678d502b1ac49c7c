import type { Journey } from './journeys.js';
import type { FlowLeg, FlowRow, JourneyRow, WindowKey } from './rows.js';

/** Legs counted by where from and where to. */
export function flowsOf(legs: readonly FlowLeg[], key: WindowKey): FlowRow[] {
  return counted(
    legs,
    key,
    (places): FlowRow => ({ ...places, legs: 0, insideUs: 0, ...SURE }),
    (row, leg) => {
      row.legs += 1;
      row.insideUs += leg.insideUs;
    },
  );
}

/** Journeys counted by origin and destination. */
export function journeysOf(journeys: readonly Journey[], key: WindowKey): JourneyRow[] {
  return counted(
    journeys,
    key,
    (places): JourneyRow => ({ ...places, journeys: 0, travelUs: 0, ...SURE }),
    (row, journey) => {
      row.journeys += 1;
      row.travelUs += journey.travelUs;
    },
  );
}

interface Places extends WindowKey {
  fromPlace: string;
  toPlace: string;
}

interface Sure {
  joined: number;
  confidencePermille: number;
}

const SURE: Sure = { joined: 0, confidencePermille: 0 };

function counted<
  Item extends { fromPlace: string; toPlace: string; joins: number; confidencePermille: number },
  Row extends Places & Sure,
>(
  items: readonly Item[],
  key: WindowKey,
  empty: (places: Places) => Row,
  add: (row: Row, item: Item) => void,
): Row[] {
  const rows = new Map<string, Row>();
  for (const item of items) {
    const { fromPlace, toPlace } = item;
    const id = `${fromPlace}\n${toPlace}`;
    let row = rows.get(id);
    if (row === undefined) rows.set(id, (row = empty({ ...key, fromPlace, toPlace })));
    add(row, item);
    if (item.joins > 0) row.joined += 1;
    row.confidencePermille += item.confidencePermille;
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
