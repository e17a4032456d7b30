import type { NodeAPI } from 'node-red';
import { MissingSecret } from '../util/missing-secret';
import { Problem } from '../util/problem';

let undecrypted = false;

function onRuntimeEvent({ payload }: { payload?: { error?: unknown } }): void {
  if (payload?.error === 'credentials_load_failed') undecrypted = true;
}

/** Listens, once, for Node-RED's report that it cannot decrypt its stored credentials; it comes after the nodes have loaded. */
export function watchStoredSecrets({ events }: NodeAPI): void {
  events.off('runtime-event', onRuntimeEvent);
  events.on('runtime-event', onRuntimeEvent);
}

/** An error about a missing credential, with its cause where Node-RED could not decrypt the stored ones; others unchanged. */
export function withSecretsCause(thrown: unknown): unknown {
  const isCause = undecrypted && thrown instanceof MissingSecret;
  return isCause ? new Problem('secret-undecrypted', {}, { cause: thrown }) : thrown;
}
