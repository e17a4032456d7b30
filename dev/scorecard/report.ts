import { markdownTable } from '../bench/figures';

/** What node-red-dev writes: a result by rule, beside `package`. */
export type Score = Record<string, { test?: boolean } & Record<string, unknown>>;

/** node-red-dev's rules. P02 is disabled in it. */
const rules: Array<{ id: string; checks: string; needsCatalogue?: boolean }> = [
  { id: 'P01', checks: 'package.json names a licence' },
  { id: 'P03', checks: '`repository` or `bugs`' },
  { id: 'P04', checks: 'scoped name' },
  // node-red-dev reports true without it too.
  { id: 'P05', checks: 'keyword `node-red`; tested by `npm test`' },
  { id: 'P06', checks: '`node-red.version` admits the latest Node-RED' },
  { id: 'P07', checks: '`engines.node` admits the oldest Node.js of the latest Node-RED' },
  // Its comparison never finds one.
  {
    id: 'P08',
    checks: 'no package of the same name in another scope; 0.1.6 never finds one',
    needsCatalogue: true,
  },
  { id: 'N01', checks: 'no other package has our node types', needsCatalogue: true },
  { id: 'N02', checks: 'each node type is used in an example' },
  { id: 'D01', checks: 'at most 6 dependencies' },
  { id: 'D02', checks: 'no incompatible package in the dependency tree' },
  { id: 'D03', checks: 'dependencies admit their latest versions' },
];

export interface RuleResult {
  id: string;
  checks: string;
  result: 'true' | 'false' | 'not checked';
  /** What node-red-dev reports beside the result. */
  details: string;
}

/**
 * The result of each rule. One that node-red-dev did not report is false.
 * @param hasCatalogue whether it had the catalogue of the flow library
 */
export function ruleResults(score: Score, hasCatalogue: boolean): RuleResult[] {
  return rules.map(({ id, checks, needsCatalogue = false }) => {
    const { test = false, ...more } = score[id] ?? {};
    const details = score[id] ? Object.values(more).flat().join(', ') : 'no result';
    const isChecked = hasCatalogue || !needsCatalogue;
    return { id, checks, result: isChecked ? (test ? 'true' : 'false') : 'not checked', details };
  });
}

/** docs/scorecard.md. @param versions date and versions, in one line */
export function scorecardPage(results: RuleResult[], versions: string): string {
  const rows = results.map(({ id, checks, result, details }) => [id, checks, result, details]);
  return `# Scorecard

\`npm run scorecard\` writes this page: the rules of node-red-dev, which the flow library applies too, on the packed
package. ${versions}

${markdownTable([['rule', 'what it checks', 'result', 'details'], ...rows])}

*not checked*: the rule needs the catalogue of the flow library. \`FLOW_CATALOGUE\` names a saved copy.
`;
}
