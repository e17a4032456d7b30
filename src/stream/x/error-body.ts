/**
 * Reads an error of X from an HTTP body or a message of the stream. X's problem types moved from
 * api.twitter.com to api.x.com, so only the last part of `type` counts.
 * @param body as text or parsed; may be anything
 * @returns `reason`, X's most specific word for the error, and `detail`, its sentence; '' where there is none
 */
export function readErrorBody(body: unknown): { reason: string; detail: string } {
  const whole = typeof body === 'string' ? parsed(body) : body;
  if (typeof whole !== 'object' || whole === null) return { reason: '', detail: clip(whole) };
  const list = (whole as { errors?: unknown }).errors;
  const first = Array.isArray(list) ? list[0] : undefined;
  const problem = { ...(first as object | undefined), ...whole } as Record<string, unknown>;
  const type = text(problem.type) === 'about:blank' ? '' : (text(problem.type).split(/[/#]/).pop() ?? '');
  const capped = type === 'usage-capped' || problem.title === 'UsageCapExceeded';
  const details = Array.isArray(problem.details) ? problem.details.map(text).join(' ') : '';
  const sentences = [
    details || text(problem.detail),
    text((first as Record<string, unknown> | undefined)?.message),
  ];
  return {
    reason: capped
      ? 'UsageCapExceeded'
      : text(problem.connection_issue) || text(problem.disconnect_type) || type || text(problem.title),
    detail: clip([...new Set(sentences)].filter(Boolean).join(' ') || text(problem.title)),
  };
}

/** Whether a body is text other than JSON: the page of a proxy or of another server, not an answer of X. */
export function isForeignBody(body: unknown): boolean {
  return typeof body === 'string' && body.trim() !== '' && typeof parsed(body) !== 'object';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const clip = (value: unknown): string => text(value).replace(/\s+/g, ' ').trim().slice(0, 300);
