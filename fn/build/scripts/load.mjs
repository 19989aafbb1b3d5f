// Loads a handler as Lambda's Node.js runtime does, in the folder that is shipped. Usage: node load.mjs <handler> <runtime>
// It fails if the artifact cannot start: a module, a file or an export is missing, or the code is wrong. It passes, and says so, if the
// module ran and then missed what only a build has not: a network, a secret, a variable, time.
// How the runtime loads: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , handler, runtime, role] = process.argv;
const task = process.cwd();
// Lambda gives a function 10 before it starts again.
const SECONDS = 15;
const require = createRequire(path.join(task, 'package.json'));
const around = path.resolve(task, '../../../..'); // step_load has made it: nothing but the artifact is in it.
// It loads with require, and takes callbacks.
const old = runtime === 'nodejs22.x';
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

class Refused extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

// --- The child: it loads the handler and sends its verdict.

async function load() {
  globalThis.awslambda = {
    streamifyResponse: (f) => Object.assign(f, { [STREAMING]: 'response' }),
    HttpResponseStream: { from: (stream) => stream },
  };
  if (path.isAbsolute(handler)) return process.send({ passes: 'it is of a layer, which a build does not have' });
  const base = path.basename(handler);
  const [, file, name] = base.match(/^([^.]*)\.(.*)$/) ?? [];
  if (!file || handler.includes('..')) {
    throw new Refused('Runtime.MalformedHandlerName', 'a handler is a file and a function: dist/index.handler');
  }
  const folder = handler.slice(0, handler.length - base.length);
  const loaded = await loadModule(path.resolve(task, folder, file));
  if (!loaded) throw new Refused('Runtime.ImportModuleError', whereIs(path.join(folder, file), file, name));
  checkFunction(loaded, name, path.join(folder, file));
  checkLinked();
  noteLater(path.resolve(task, folder, file), new Set());
}

// noteLater says which developers' packages the code asks for only when it is called: nothing has missed them.
function noteLater(name, seen) {
  const file = [...extensions, '/index.js'].map((end) => name + end).find((each) => fs.statSync(each, { throwIfNoEntry: false })?.isFile());
  if (!file || seen.has(file)) return;
  seen.add(file);
  for (const [, wanted] of fs.readFileSync(file, 'utf8').matchAll(/\b(?:from|require|import)\b\s*\(?\s*['"]([^'"\n]+)['"]/g)) {
    const needed = packageIn(wanted);
    if (wanted.startsWith('.')) noteLater(path.resolve(path.dirname(file), wanted), seen);
    else if (packageOf(file)?.devDependencies?.[needed] && !fs.existsSync(path.join(task, 'node_modules', needed))) {
      process.send({ passes: `${tidy(file)} asks for ${needed} when it is called, and devDependencies are not shipped` });
    }
  }
}

// packageIn is the package of what an import names.
function packageIn(name) {
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

// SYSTEM are libraries that Lambda's system has: load.py says how that is known.
const SYSTEM = new RegExp('^(ld-linux.*|lib(c|m|mvec|dl|rt|pthread|util|resolv|gcc_s|stdc\\+\\+|z|bz2|lzma|zstd|lz4|ssl|crypto|ffi|xml2|' +
  'yaml|curl|sqlite3|readline|ncursesw?|tinfo|uuid|gmp|g(lib|object)-2\\.0|(gssapi_)?krb5|k5crypto|com_err))\\.so$');

// checkLinked: the binaries that were loaded must not need what only the build's image has.
function checkLinked() {
  const loaded = [...new Set(fs.readFileSync('/proc/self/maps', 'utf8').match(/\/\S+\.(so|node)\b\S*$/gm))];
  const isShipped = (file) => file.startsWith(`${task}/`);
  const others = loaded.filter((file) => !isShipped(file)).map((file) => path.basename(file).replace(/\.so.*/, '.so'));
  for (const file of loaded.filter(isShipped)) {
    const text = fs.readFileSync(file, 'latin1');
    const newest = Math.max(...[...text.matchAll(/\bGLIBC_2\.(\d+)/g)].map((match) => match[1]));
    const other = others.find((name) => !SYSTEM.test(name) && text.includes(`\0${name}`));
    const needed = newest > 34 ? `the C library 2.${newest}` : other;
    if (needed) {
      throw new Refused('Error ERR_DLOPEN_FAILED', `${path.relative(task, file)} needs ${needed}, which Lambda does not have: ` +
        'take a package that brings its own');
    }
  }
}

const extensions = ['', '.js', '.mjs', '.cjs'];

// loadModule of a path without its extension. Lambda takes the first of these files, and Node.js 22 only imports what is an ES module.
async function loadModule(name) {
  const file = extensions.map((extension) => name + extension).find((each) => fs.existsSync(each));
  if (!file) return old ? packageNamed(path.basename(name), path.dirname(name)) : undefined;
  if (old && (!/\.m?js$/.test(file) || (file.endsWith('.js') && packageOf(file)?.type !== 'module'))) return require(file);
  return import(pathToFileURL(file).href);
}

function packageNamed(name, folder) {
  try {
    return require(require.resolve(name, { paths: [task, folder] }));
  } catch (e) {
    if (e.code === 'MODULE_NOT_FOUND' && e.message.includes(`'${name}'`)) return undefined;
    throw e;
  }
}

function checkFunction(loaded, name, file) {
  const find = (object) => name.split('.').reduce((nested, key) => (old || typeof nested === 'object' ? nested?.[key] : undefined), object);
  const found = find(loaded) ?? (old ? undefined : find(loaded.default));
  if (typeof found !== 'function') {
    const names = Object.keys(loaded).concat(old ? [] : Object.keys(loaded.default ?? {}));
    const list = [...new Set(names)].filter((each) => !['default', 'module.exports'].includes(each)).join(', ');
    throw new Refused('Runtime.HandlerNotFound',
      `${file} exports ${list || 'nothing'}, and no function ${name}: export it, or set service.handler to what it exports`);
  }
  if (!old && found.length >= 3 && !found[STREAMING]) {
    throw new Refused('Runtime.CallbackHandlerDeprecated',
      `the function ${name} has ${found.length} parameters, and ${runtime} does not take a handler with a callback: ` +
      'return the answer, and leave the third parameter out. If a library made the function, export one of your own that calls it');
  }
}

// whereIs tells where a file is that has the handler's name.
function whereIs(wanted, file, name) {
  const same = list('.').filter((each) => path.basename(each).replace(/\.([cm]?[jt]s)$/, '') === file);
  const built = same.find((each) => /\.[cm]?js$/.test(each));
  const dotted = name.includes('.') && list('.').find((each) => each.startsWith(`${wanted}.`));
  if (built) {
    return `the artifact has no ${wanted}.js, no layer has it, and ${built} is there: ` +
      `set service.handler to ${built.replace(/\.[cm]?js$/, '')}.${name}, or change where the build writes it. ` +
      'If tsconfig.json includes more than src, TypeScript writes src into its outDir: ' +
      'set rootDir to src there, and exclude the tests';
  }
  if (same.length > 0) {
    return `the artifact has no ${wanted}.js, no layer has it, and only ${same[0]} is there: ` +
      'let the script build in package.json compile it';
  }
  if (dotted) {
    return `Lambda takes what is before the first dot for the file, ${wanted}.js, and no layer has it: ` +
      `give ${dotted} a name that has no dot but that of its extension, and set service.handler to it`;
  }
  const ofLayer = wanted === file ? '' : ', and no layer has it';
  return `the artifact has no ${wanted}.js, .mjs or .cjs${ofLayer}: set service.handler to the file that has the handler, ` +
    'or let the script build in package.json write it';
}

function list(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : list(name);
    return [name];
  });
}

// packageOf a file is the package.json next above it.
function packageOf(file) {
  for (let folder = path.dirname(file); folder.startsWith(task); folder = path.dirname(folder)) {
    const name = path.join(folder, 'package.json');
    if (fs.existsSync(name)) return { ...JSON.parse(fs.readFileSync(name, 'utf8')), file: path.relative(task, name) };
  }
  return undefined;
}

// --- What an error at import says of the artifact.

// SDK are packages that Lambda's runtime has.
const SDK = /^@(aws-sdk|smithy|aws-crypto)\//;

let stoodIn = false;

// standIn for the SDK where it is not in the artifact, so that the rest of the code is loaded too.
const standIn = new Proxy(class {}, {
  set: () => true,
  get: (target, key) => {
    if (key === 'prototype') return target.prototype;
    if (key === Symbol.toPrimitive) return () => '';
    return key === 'then' ? undefined : standIn;
  },
  apply: () => standIn,
  construct: () => standIn,
});

function standInFor(name) {
  stoodIn = true;
  process.send({ passes: `${name} is not in the artifact: Lambda's own is used, in a version that changes without a release` });
  return standIn;
}

function useStandIns() {
  const original = Module._load;
  Module._load = function (name, ...rest) {
    try {
      return original.call(this, name, ...rest);
    } catch (e) {
      if (!SDK.test(name) || e.code !== 'MODULE_NOT_FOUND' || !e.message.includes(`'${name}'`)) throw e;
      return standInFor(name);
    }
  };
  globalThis.standInFor = standInFor;
  Module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

// hooks do the same for ES modules, which must have the names that are imported of them.
const hooks = `
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

export async function resolve(name, context, next) {
  try {
    return await next(name, context);
  } catch (e) {
    if (!${SDK}.test(name) || e.code !== 'ERR_MODULE_NOT_FOUND') throw e;
    const code = fs.readFileSync(fileURLToPath(context.parentURL), 'utf8');
    const lists = [...code.matchAll(/(?:import|export)\\b([^'"();]*?)\\bfrom\\s*['"]([^'"]+)/g)].filter((match) => match[2] === name);
    const names = lists.flatMap((match) => (match[1].match(/{([^}]*)}/)?.[1] ?? '').split(',')).map((each) => each.trim().split(/\\s/)[0]);
    const spaces = lists.flatMap((match) => match[1].match(/\\*\\s*as\\s+([\\w$]+)/)?.[1] ?? []);
    const used = [...code.matchAll(/([\\w$]+)\\.(\\w+)/g)].filter((match) => spaces.includes(match[1])).map((match) => match[2]);
    const url = 'sdk:' + name + '?' + [...new Set([...names, ...used])].filter((each) => each && each !== 'default');
    return { url, format: 'module', shortCircuit: true };
  }
}

export async function load(url, context, next) {
  if (!url.startsWith('sdk:')) return next(url, context);
  const [name, names] = url.slice(4).split('?');
  const exported = names.split(',').filter(Boolean).map((each) => 'standIn as ' + each);
  const list = ['standIn as default', ...exported].join(', ');
  const source = 'const standIn = standInFor(' + JSON.stringify(name) + '); export { ' + list + ' };';
  return { format: 'module', shortCircuit: true, source };
}
`;

// PHRASES of packages that throw an error of their own if a binary or a file of theirs is missing.
const PHRASES = new RegExp([
  'could not load the "sharp" module', 'cannot find (module|package|native binding)', 'failed to load native binding',
  'no native build was found', 'could not locate the bindings file', 'did not initialize yet', 'could not locate the query engine',
  'invalid elf header', 'was compiled against a different node\\.js version',
].join('|'), 'i');

// IMPORT_ERRORS of Node.js that no variable and no network can mend.
const IMPORT_ERRORS = /^ERR_(REQUIRE|PACKAGE_PATH_NOT_EXPORTED|UNSUPPORTED|UNKNOWN|INVALID_MODULE|INVALID_PACKAGE|DLOPEN_FAILED|IMPORT)/;

// fault is why the artifact cannot start. Undefined: the error may be for want of what a build has not.
function fault(e) {
  if (e instanceof Refused) return [e.name, e.message];
  const message = tidy(String(e?.message ?? e).split('\n')[0]).replace(/\.$/, '');
  if (e?.code === 'MODULE_NOT_FOUND') return ['Runtime.ImportModuleError', `${message}. ${whyMissing(e)}`];
  if (e?.code === 'ERR_MODULE_NOT_FOUND') return ['Error ERR_MODULE_NOT_FOUND', `${message}. ${whyMissing(e)}`];
  if (e instanceof SyntaxError && !thrownByCode(e)) {
    return ['Runtime.UserCodeSyntaxError', `${message}, ${tidy(e.stack.split('\n')[0])}. ${moduleKind(message)}`];
  }
  if (e instanceof ReferenceError) return ['ReferenceError', `${message}. ${moduleKind(message)}`];
  const file = e?.code === 'ENOENT' && path.resolve(String(e.path ?? '/'));
  if (file && `${file}/`.startsWith(`${around}/`)) {
    const name = path.relative(task, file);
    return ['ENOENT', `the code reads ${name}, which the artifact does not have: ${name.startsWith('..') ? outside : inside}`];
  }
  if (e?.code === 'ERR_REQUIRE_ESM') return ['Error ERR_REQUIRE_ESM', `${message}. ${requireOfModule}`];
  if (/\.[cm]?ts\b/.test(message) && /^ERR_UN/.test(e?.code)) {
    return [`Error ${e.code}`, `${message}. Lambda runs no TypeScript in packages: let the package that has it build JavaScript, ` +
      'and name that in main or exports of its package.json, or bundle the code'];
  }
  if (IMPORT_ERRORS.test(e?.code)) return [`Error ${e.code}`, `${message}. Correct the import, or the version of its package`];
  if (/^dynamic require of .* is not supported/i.test(e?.message)) {
    return ['Error', `${message}. A bundle that is an ES module has no require for the CommonJS in it: bundle as CommonJS, ` +
      'or let the bundler begin the file with: ' +
      'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)'];
  }
  // Without a variable or a network a value is missing, and has no properties. It is not something else than a function.
  if (e instanceof TypeError && !stoodIn && /is not a (function|constructor)\b/.test(message)) {
    return ['TypeError', `${message}, ${frame(e)}. The code may take an export for another: compare the import with what the package ` +
      'exports. For a default import of CommonJS, TypeScript needs esModuleInterop'];
  }
  if (PHRASES.test(e?.message)) {
    return [e.name, `${message}. A binary is not in the artifact, or is for another system: add the one for linux to the lock file`];
  }
  return undefined;
}

// thrownByCode tells an error of JSON.parse, say, from one in the code. A .json that is required is code too.
function thrownByCode(e) {
  const frames = e.stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length > 0 && !/node:internal/.test(frames[/\(<anonymous>\)$/.test(frames[0]) ? 1 : 0]);
}

// frame of the code that an error comes from.
function frame(e) {
  return tidy(e.stack.split('\n').find((line) => /^\s+at /.test(line))?.trim() ?? '');
}

const inside = 'let the build write it, or commit it';
const outside = 'it is outside of source.directory, and only that is shipped. Move it there, let the build copy it there, ' +
  'make a package of it, which package.json names by file: or a workspace, or bundle the code';

const requireOfModule = 'nodejs22.x does not let CommonJS require an ES module: use import(), or set service.runtime to nodejs24.x, or ' +
  'set NODE_OPTIONS to --experimental-require-module in service.environment and build.environment';

function moduleKind(message) {
  if (/import statement|Unexpected token '?export|import\.meta|await is only valid/.test(message)) {
    return 'The file is an ES module, and Lambda takes it for CommonJS: ' +
      'set "type": "module" in the package.json that is shipped with it, or name the file .mjs';
  }
  if (/ES module scope/.test(message)) {
    return 'The file is CommonJS, and package.json has "type": "module": name the file .cjs, or write it as an ES module';
  }
  return 'The code is wrong, or needs another version of a package';
}

// whyMissing is why a module is not found: "Cannot find module './a.js'", or "Cannot find package 'a' imported from /b.js".
function whyMissing(e) {
  const name = e.message.match(/Cannot find (?:module|package) '([^']+)'/)?.[1];
  const importer = e.requireStack?.[0] ?? e.message.match(/imported from (.+)$/m)?.[1];
  const from = importer?.startsWith('file:') ? fileURLToPath(importer) : importer;
  if (!name) return 'It is not in the artifact';
  if (/^\.{0,2}\//.test(name)) {
    const target = path.resolve(path.dirname(from ?? task), name);
    if (fs.existsSync(`${target}.js`)) return 'An ES module names the whole file: import it with its extension, .js';
    return `The file is not in the artifact, and no layer has it: ${path.relative(task, target).startsWith('..') ? outside : inside}`;
  }
  const wanted = packageIn(name);
  const own = from && packageOf(from);
  const file = own?.file ?? 'package.json';
  if (wanted === 'aws-sdk') {
    return "Lambda's runtime has version 3 of the AWS SDK, not version 2: add aws-sdk to dependencies, or use the packages of version 3";
  }
  if (/^[@~]\//.test(name) || list('.').some((each) => each.endsWith(`${name}.js`) || each.endsWith(`${name}/index.js`))) {
    return 'It looks like an alias of paths in tsconfig.json, which TypeScript leaves as it is, and no layer has it: ' +
      'import a relative path, or bundle the code';
  }
  if (own?.devDependencies?.[wanted]) return `${file} has ${wanted} in devDependencies, which are not shipped: move it to dependencies`;
  return `${file} does not have ${wanted} in dependencies: add it there. If a layer brings it, set build.handlerCheck to Disabled`;
}

// tidy paths, as they are in the artifact.
function tidy(text) {
  return text.replaceAll(pathToFileURL(task).href + '/', '').replaceAll(task + '/', '');
}

function judge(e) {
  const found = fault(e);
  if (found) return { fails: `Lambda would end with ${found[0]}: ${found[1]}` };
  const where = tidy(String(e?.stack ?? e).split('\n').slice(0, 2).join(' '));
  return { passes: `its module ran until ${where}, for want of something that a build need not have` };
}

// --- The parent: it waits for the verdict, and says it.

function watch() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), handler, runtime, 'child'], {
    env: environment(), stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let verdict;
  const timer = setTimeout(() => {
    verdict ??= { passes: `its module was not loaded within ${SECONDS} seconds, and Lambda gives it 10` };
    child.kill('SIGKILL');
  }, SECONDS * 1000);
  child.on('message', (m) => {
    if (m.done) verdict = m;
    else say(m);
  });
  child.on('close', (code, signal) => {
    clearTimeout(timer);
    say(verdict ?? ended(code, signal));
  });
}

// environment as Lambda has it.
function environment() {
  const env = {
    ...process.env, LAMBDA_TASK_ROOT: task, _HANDLER: handler, AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: 'build', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_LOG_GROUP_NAME: 'build', AWS_LAMBDA_LOG_STREAM_NAME: 'build',
  };
  // What Lambda turns off, NODE_OPTIONS can turn on again: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
  if (old) env.NODE_OPTIONS = `--no-experimental-require-module --no-experimental-detect-module ${env.NODE_OPTIONS ?? ''}`;
  return env;
}

// ended is the verdict on a module that ends the process while it is loaded.
function ended(code, signal) {
  if (signal) return { fails: `The process ended with ${signal}: a binary in the artifact may be for another processor or system` };
  return { passes: `its module ended the process with ${code}, for want of something that a build need not have` };
}

function say(verdict) {
  if (verdict.fails) {
    console.error(`\nThe build stops: the handler ${handler} cannot start from what is shipped. ${verdict.fails}.`);
    process.exitCode = 1;
  } else if (verdict.passes) console.log(`The handler ${handler}: ${verdict.passes}.`);
  else console.log(`The handler ${handler} starts from what is shipped.`);
}

if (role !== 'child') watch();
else {
  const end = (verdict) => process.send({ ...verdict, done: true }, () => process.exit(0));
  process.on('uncaughtException', (e) => end(judge(e)));
  process.on('unhandledRejection', (e) => end(judge(e)));
  useStandIns();
  load().then(() => end({}), (e) => end(judge(e)));
}
