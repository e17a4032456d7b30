import { browserCases } from './browser';
import type { Case } from './case';
import { installationCases } from './installation';
import { loadCases } from './load';
import { settingsCases } from './settings';
import { surroundingsCases } from './surroundings';

export const cases: Case[] = [
  ...installationCases,
  ...settingsCases,
  ...surroundingsCases,
  ...browserCases,
  ...loadCases,
];
