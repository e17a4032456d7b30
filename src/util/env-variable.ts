/**
 * The name of the environment variable that a field consists of, as in `${NAME}`. Node-RED fills it in when
 * a flow starts; text that still has this form at run time names a variable that is not set.
 * @returns undefined for any other text
 */
export function envVariable(text: string | undefined): string | undefined {
  return /^\s*\$\{([^{}]+)\}\s*$/.exec(text ?? '')?.[1];
}
