import { type Broker, startBroker } from './broker';

/*
 * A broker for as long as somebody holds the other end of stdin: prints its address as one line of JSON on
 * stdout (progress and errors go to stderr), and stops when stdin closes or a signal asks for it.
 */

let broker: Broker | undefined;
let ending = false;

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await broker?.stop(); // one that is still starting is ended by our exit
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
