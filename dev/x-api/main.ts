import { optionsFrom, usage } from './arguments';
import { startXApi, type XApiOptions } from './server';

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return;
  }
  const api = await startXApi(options).catch((error) => {
    throw new Error(sentence(error, options));
  });
  console.log(`X API simulator on ${api.url}, bearer token ${options.bearerToken ?? 'simulated-token'}`);
  if (api.rules().length === 0) console.log('It has no rules yet: post one, or start it with --rule.');
  console.log('Stop it with Ctrl-C.');
  const stop = () => void api.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function sentence(error: NodeJS.ErrnoException, { port }: XApiOptions): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is taken. Choose another with --port, or 0 for a free one.`;
  if (error.code === 'EACCES') return `Port ${port} may not be used here. Choose one above 1023 with --port.`;
  return error.message;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
