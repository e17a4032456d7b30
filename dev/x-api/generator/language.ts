/** How people write in one language: a sentence is opener, topic, closer, with `gap` between them. */
export interface Language {
  code: string;
  share: number;
  /** Empty where words are written without spaces. */
  gap: '' | ' ';
  openers: string[];
  topics: string[];
  closers: string[];
  /** How sentences end, where it is not as in Latin script. */
  ends?: string[];
  names: string[];
  bios: string[];
  locations: string[];
}
