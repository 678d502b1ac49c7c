/**
 * The console as it runs: one on the embedded log, warehouse and records, with real neighbours (a phone, the building's
 * systems, an MQTT broker, Alertmanager); each suite asks it as a browser would.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.js';
import { freePort } from '../../../test/support/service-process.js';
import {
  ALERTMANAGER,
  SECRET,
  startAlertmanager,
  startBroker,
  startBuilding,
  startPhone,
  type Broker,
  type Building,
  type Phone,
} from './neighbours.js';
import { alertmanagerSuite } from './suites/alertmanager-suite.js';
import { alertsSuite } from './suites/alerts-suite.js';
import { answersSuite } from './suites/answers-suite.js';
import { awaySuite } from './suites/away-suite.js';
import { buyersSuite } from './suites/buyers-suite.js';
import { pagesSuite } from './suites/pages-suite.js';
import { headcountSuite } from './suites/headcount-suite.js';
import { inquiriesSuite } from './suites/inquiries-suite.js';
import { liveSuite } from './suites/live-suite.js';
import { measuresSuite } from './suites/measures-suite.js';
import { outsideSuite } from './suites/outside-suite.js';
import { plansSuite } from './suites/plans-suite.js';
import { purposesSuite } from './suites/purposes-suite.js';
import { stillsSuite } from './suites/stills-suite.js';
import { startConsole, type Console } from './support.js';

const hasAlertmanager = requireOrSkip(
  ALERTMANAGER,
  spawnSync(ALERTMANAGER, ['--version']).status === 0,
  'install the Debian package of this name',
);

let desk: Console;
let ingestorAddress: string;
let phone: Phone;
let building: Building;
let broker: Broker;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>> | undefined;

beforeAll(async () => {
  [phone, building, broker] = await Promise.all([startPhone(), startBuilding(), startBroker()]);
  if (hasAlertmanager) alertmanager = await startAlertmanager();
  ingestorAddress = `127.0.0.1:${await freePort()}`;
  desk = await startConsole({
    HITONAMI_INGESTOR_ADDRESS: ingestorAddress,
    HITONAMI_ESCALATION_WEBHOOK_URL: phone.url,
    HITONAMI_ESCALATION_WEBHOOK_SECRET: SECRET,
    HITONAMI_HEADCOUNT_WEBHOOK_URL: building.url,
    HITONAMI_HEADCOUNT_WEBHOOK_SECRET: SECRET,
    HITONAMI_MQTT_URL: broker.url,
    HITONAMI_HEADCOUNT_RECIPIENT: 'operator',
    ...(alertmanager && { HITONAMI_ALERTMANAGER_URL: alertmanager.url }),
  });
}, 120_000);

afterAll(async () => {
  await desk.stop();
  await alertmanager?.stop();
  await broker.stop();
  phone.stop();
  building.stop();
});

const theDesk = (): Console => desk;
liveSuite(theDesk);
headcountSuite(
  theDesk,
  () => building,
  () => broker,
);
measuresSuite(theDesk);
plansSuite(theDesk);
purposesSuite(theDesk);
answersSuite(theDesk);
alertsSuite(theDesk, () => phone);
alertmanagerSuite(theDesk, hasAlertmanager ? () => alertmanager?.url ?? '' : undefined);
inquiriesSuite(theDesk);
buyersSuite(theDesk);
stillsSuite(theDesk, () => ingestorAddress);
outsideSuite(theDesk, () => building);
pagesSuite(theDesk);
awaySuite(theDesk);
