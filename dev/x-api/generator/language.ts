/** Texts in one language: a sentence is opener, topic and closer with `gap` between them. */
export interface Language {
  code: string;
  share: number;
  /** Empty for languages without spaces between words. */
  gap: '' | ' ';
  openers: string[];
  topics: string[];
  closers: string[];
  /** Sentence endings, if they differ from Latin script. */
  ends?: string[];
  names: string[];
  bios: string[];
  locations: string[];
}
