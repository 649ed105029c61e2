// Loads only those modules of @cdktf/provider-aws that are used; see bindings.py.
//
// The package's index.js is one `exports.NAME = require("PATH");` per resource type. Here each
// becomes a getter that requires on first use. An index of any other shape is left as it is.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const util = require("node:util");

const INDEX = /[\\/]@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EXPORT = /^exports\.(\w+) = require\("(\.\/[\w./-]+)"\);$/;
const DECLARATION = /^(?:exports\.\w+ = )+void 0;$/;
const HARMLESS =
  /^(?:"use strict";|Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);|\/\/.*|\/\*\*.*| \*.*|\s*)$/;

function lazily(source) {
  const lines = [];
  let getters = 0;
  for (const line of source.split("\n")) {
    const found = EXPORT.exec(line);
    if (found) {
      const [, name, path] = found;
      lines.push(
        `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => require("${path}") });`,
      );
      getters += 1;
    } else if (HARMLESS.test(line)) {
      lines.push(line);
    } else if (!DECLARATION.test(line)) {
      return null;
    }
  }
  return getters > 0 ? lines.join("\n") : null;
}

// cdktf calls it in terraform-output.js, and Node warns about that since 22; it is this very function.
// https://nodejs.org/api/deprecations.html#dep0044-utilisarray
util.isArray = Array.isArray;

const compile = Module._extensions[".js"];
Module._extensions[".js"] = function (module, filename) {
  if (!INDEX.test(filename)) {
    return compile(module, filename);
  }
  const lazy = lazily(fs.readFileSync(filename, "utf8"));
  if (lazy === null) {
    process.stderr.write("@cdktf/provider-aws: not built as expected, so all of it is loaded; synth takes longer\n");
    return compile(module, filename);
  }
  return module._compile(lazy, filename);
};
