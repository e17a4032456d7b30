import { optionsFrom, usage } from './arguments';
import { startXApi, type XApiOptions } from './server';

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return;
  }
  const api = await startXApi(options).catch((error) => {
    throw new Error(startErrorText(error, options));
  });
  console.log(`X API simulator: ${api.url}, bearer token "${options.bearerToken ?? 'simulated-token'}"`);
  if (api.rules().length === 0)
    console.log('It has no rules. Add one with POST /2/tweets/search/stream/rules or --rule.');
  console.log('Stop: Ctrl-C');
  const stop = () => void api.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function startErrorText(error: NodeJS.ErrnoException, { port }: XApiOptions): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is in use. Choose another with --port; 0 picks a free one.`;
  if (error.code === 'EACCES') return `No permission to use port ${port}. Choose one above 1023 with --port.`;
  return error.message;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
