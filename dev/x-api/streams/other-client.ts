import type { Connection, ConnectionRegistry } from '../connections/registry';
import type { Rule, RuleSet } from '../rule-set';

/** A second client of the same app. It does not count to the limits of requests. */
export class OtherClient {
  private connection: Connection | undefined;

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly ruleSet: RuleSet,
  ) {}

  /** Its connection is open. */
  get connected(): boolean {
    return this.connection !== undefined;
  }

  /** Opens a connection of the filtered stream, also while another is open, and returns its id. */
  connect(clientIp = '203.0.113.7'): string {
    this.connection ??= this.registry.open({ endpoint: 'filtered_stream', clientIp }, () => {
      this.connection = undefined;
    });
    return this.connection.id;
  }

  disconnect(): void {
    if (this.connection) this.registry.close(this.connection, 'client_disconnect');
    this.connection = undefined;
  }

  /** @throws Error if X would reject one */
  addRules(values: string[]): Rule[] {
    const { created, errors } = this.ruleSet.add(values.map((value) => ({ value })));
    if (errors[0]) throw new Error(`X would reject the rule ${JSON.stringify(errors[0].value)}`);
    return created;
  }

  deleteRules(values: string[] | 'all'): number {
    const all = this.ruleSet.list.map((rule) => rule.value);
    return this.ruleSet.remove({ values: values === 'all' ? all : values });
  }
}
