import type { SearchAnswer } from '../../../src/stream/recover/search-requests';

/** What search finds in a test: the ids of the posts that each query matches. */
export type Archive = Record<string, string[]>;

/** A request as search received it. */
export interface SearchRequest {
  path: string;
  query: Record<string, string>;
  /** Epoch ms. */
  at: number;
}

/**
 * Answers like X's search: newest first, in pages. `fault` returns what to throw instead of an answer.
 */
export class FakeSearch {
  readonly requests: SearchRequest[] = [];
  fault: (request: SearchRequest) => unknown = () => undefined;
  /** Ms by the test's clock. */
  now = 0;

  constructor(private readonly archive: Archive) {}

  readonly request = async (path: string, query: Record<string, string>): Promise<SearchAnswer> => {
    const request = { path, query, at: this.now };
    this.requests.push(request);
    const fault = this.fault(request);
    if (fault !== undefined) throw fault;
    return { body: answerOf(this.archive, query) };
  };
}

/** The body of an answer to a search. */
export function answerOf(archive: Archive, query: Record<string, string>): object {
  const ids = [...(archive[query.query ?? ''] ?? [])].sort((one, other) =>
    BigInt(one) < BigInt(other) ? 1 : -1,
  );
  const first = Number(query.next_token ?? 0);
  const next = first + Number(query.max_results);
  const data = ids.slice(first, next).map((id) => ({ id, text: `post ${id}`, author_id: `u${id}` }));
  return {
    ...(data.length > 0 && {
      data,
      includes: { users: data.map(({ author_id: id }) => ({ id, username: `name of ${id}` })) },
    }),
    meta: { result_count: data.length, ...(next < ids.length && { next_token: String(next) }) },
  };
}

/** Ascending ids of `count` posts. */
export const idsFrom = (first: bigint, count: number): string[] =>
  Array.from({ length: count }, (_, at) => String(first + BigInt(at)));
