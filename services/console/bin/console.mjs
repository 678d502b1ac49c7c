#!/usr/bin/env node
// The console alone, from its environment: beside a running hitonami in the same data folder, or on Kafka and ClickHouse.
import { consoleService } from '@hitonami/console';
import { runService } from '@hitonami/service';

process.exit(await runService(consoleService(), { environment: process.env }));
