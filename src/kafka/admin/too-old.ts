import { BrokerTooOld } from '../connection/broker-requests';

/** An answer that is not essential; null where the broker is too old for the request. */
export async function orNullIfTooOld<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof BrokerTooOld) return null;
    throw error;
  }
}
