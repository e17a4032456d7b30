/** The versions of Node.js that the package is tried with, as npm packages have them. */
export const nodeVersions = {
  /** The oldest that package.json allows. */
  oldest: '20.11.0',
  newest20: '20.20.2',
  /** The oldest that Node-RED 5 supports. */
  oldest22: '22.9.0',
  newest22: '22.23.3',
  newest24: '24.21.0',
};

export const nodeRedVersions = { oldest4: '4.0.9', newest4: '4.1.15', newest5: '5.0.7' };

/** Node-RED 4.0 uses the npm on the PATH; later ones bring their own. */
export const npmVersion = '10.8.2';

/** Whether Node-RED 5 supports a version of Node.js. */
export function supportsNodeRed5(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = nodeVersions.oldest22.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
