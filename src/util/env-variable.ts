import { Problem } from './problem';

/** The value of an environment variable; undefined where it is not set. */
export type Variable = (name: string) => string | undefined;

/**
 * The name of the environment variable that a field consists of, as in `${NAME}`. Node-RED fills it in when
 * a flow starts; text that still has this form at run time names a variable that is not set.
 * @returns undefined for any other text
 */
export function envVariable(text: string | undefined): string | undefined {
  return /^\s*\$\{([^{}]+)\}\s*$/.exec(text ?? '')?.[1];
}

const place = /\$\{([^{}]+)\}/g;

/** The names of the environment variables in a text, such as HOST and PORT in `${HOST}:${PORT}`. */
export const variablesIn = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(place)].map(([, name]) => name as string);

/**
 * Replaces the environment variables in a text by their values. Node-RED itself replaces only a variable that is the
 * whole text. A value is taken as it is: a name in it is not replaced. Spaces around a variable that is the whole text do
 * not count.
 * @param field the field's name, for the error
 * @throws Problem "env-unset" with the first variable that is not set
 */
export function fillIn(field: string, text: string, variable: Variable): string {
  const filled = envVariable(text) === undefined ? text : text.trim();
  return filled.replace(place, (_, name: string) => {
    const value = variable(name);
    if (value === undefined) throw new Problem('env-unset', { field, name });
    return value;
  });
}
