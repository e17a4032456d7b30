import type { Rule } from '../x/rules-api';

/** Rules as people keep them in a file or a table: one a line, its tag behind a tab. Blank lines are none. */
export function rulesFromLines(text: string): Rule[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => {
      const [value = '', tag = ''] = line.split('\t');
      return { value: value.trim(), tag: tag.trim() };
    })
    .filter(({ value }) => value !== '');
}
