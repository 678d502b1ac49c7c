import type { SiteAlert } from '@hitonami/crowd';
import { fromWire, toWire, type Alert } from '@hitonami/service';

/** What the engine found, as the record of the `alerts` topic has it. */
export function toRecord(alert: SiteAlert, announce: boolean): Alert {
  return { ...alert, ...toWire(alert), announce };
}

/** Undefined for a record whose rule, severity or state this program does not know. */
export function fromRecord({ announce: _announce, ...record }: Alert): SiteAlert | undefined {
  const words = fromWire(record);
  return words && { ...record, ...words };
}
