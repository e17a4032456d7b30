import { type Broker, startBroker } from './broker';

/*
 * Runs a broker until stdin closes or a signal arrives. Prints its address as one line of JSON on stdout; progress and
 * errors go to stderr.
 */

let broker: Broker | undefined;
let ending = false;

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await broker?.stop(); // our exit kills a broker that is still starting
  process.exit();
}

process.stdin.resume();
for (const event of ['end', 'close', 'error']) process.stdin.on(event, end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

startBroker({ progress: (line) => console.error(line) }).then(
  (started) => {
    broker = started;
    console.log(JSON.stringify({ brokers: broker.brokers }));
  },
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
