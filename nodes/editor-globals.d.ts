import type { EditorRED } from 'node-red';

declare global {
  const RED: EditorRED;
}
