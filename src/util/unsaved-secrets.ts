import type { SentenceKey } from './english';
import { envVariable, fillIn, type Variable, variablesIn } from './env-variable';
import { Problem } from './problem';

/** What a Node-RED dialog holds in place of a stored secret. */
const placeholder = '__PWRD__';

/** The sentences for a value that must not be sent to the address in the dialog. */
export interface RejectedSecret {
  /** The running node has no such secret. */
  notDeployed: SentenceKey;
  /** A stored secret, and another address. */
  stored: SentenceKey;
  /** An environment variable (`__name__`), and another address. */
  variable: SentenceKey;
}

/**
 * Reads the fields of an open dialog for its Test button. A dialog may name any address. A stored secret is
 * therefore sent only to the address that the node was deployed with, and so is the value of an environment
 * variable: otherwise a dialog could send them to any server.
 */
export class UnsavedSecrets {
  /** @param isDeployedAddress whether the dialog names the address that the running node sends its secrets to */
  constructor(
    private readonly isDeployedAddress: () => boolean,
    private readonly variable: Variable,
    private readonly rejected: RejectedSecret,
  ) {}

  /**
   * A field that is sent to the address; environment variables may be parts of it.
   * @throws Problem "env-unset" or `rejected.variable`
   */
  text(field: string, entered: string | undefined): string | undefined {
    const value = filledIn(field, entered, this.variable);
    const [name] = variablesIn(entered);
    if (name !== undefined && !this.isDeployedAddress()) throw new Problem(this.rejected.variable, { name });
    return value;
  }

  /**
   * A secret that is sent to the address. Only a variable that is the whole secret is filled in, as Node-RED does: a
   * password may contain `${…}`.
   * @param entered the stored secret is meant where this is missing or Node-RED's placeholder
   * @param stored the secret of the running node
   * @throws Problem "env-unset" or one of `rejected`
   */
  secret(field: string, entered: string | undefined, stored: string | undefined): string | undefined {
    if (entered !== undefined && entered !== placeholder) {
      return envVariable(entered) === undefined ? entered : this.text(field, entered);
    }
    if (stored === undefined) throw new Problem(this.rejected.notDeployed);
    if (!this.isDeployedAddress()) throw new Problem(this.rejected.stored);
    return stored;
  }
}

/**
 * A field with the values of its environment variables, such as an address.
 * @throws Problem "env-unset"
 */
export function filledIn(field: string, entered: string | undefined, variable: Variable): string | undefined {
  return entered === undefined ? undefined : fillIn(field, entered, variable);
}
