import { createRequire } from 'node:module';

const packageName = '@tweet-pipeline/node-red-twitter-kafka';

// The package's own name works from the sources and from the build, whose folders differ in depth.
const { version } = createRequire(__filename)(`${packageName}/package.json`) as { version: string };

/** Names this package and its version in each request, as X asks for. */
export const userAgent = `${packageName}/${version}`;
