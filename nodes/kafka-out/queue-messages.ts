import type { Delivery } from '../../src/kafka/delivery/pending-record';
import type { StoredIdentity, StoredMessage } from '../../src/kafka/delivery/record/stored-message';

/** The message for a record that was sent from disk: its own message is gone. */
export function deliveredMessage(
  { msgid, topic, key }: StoredIdentity,
  delivery: Delivery,
): Record<string, unknown> {
  return { ...withId(msgid), topic, key, kafka: { ...delivery, queued: true } };
}

/** The message for a record from disk that Kafka has rejected, for the Catch nodes. */
export function rebuiltMessage({ msgid, ...record }: StoredMessage): object {
  return { ...withId(msgid), ...record };
}

const withId = (msgid: string | undefined): object => (msgid === undefined ? {} : { _msgid: msgid });
