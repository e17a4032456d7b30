import { namespaceOf } from '../src/node-red/catalogue';

const key = 'kafka-cluster.category';
/** The tooltip of our palette category, which Node-RED translates when it shows it. */
export const categoryDescription = namespaceOf('kafka-cluster') + key;
