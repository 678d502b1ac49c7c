import { ingestorService } from '@hitonami/ingestor';
import { runService } from '@hitonami/service';

// The ingestor as a process of its own; says on standard output where it listens.
const service = ingestorService(({ address }) => console.log(`listening ${address.port}`));
process.exit(await runService(service, { environment: process.env }));
