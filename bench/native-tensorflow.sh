#!/bin/sh
# Builds the binding of tfjs-node 4.22 against the shared libraries of a TensorFlow wheel, where its own download is out of reach:
# sh bench/native-tensorflow.sh PYTHON [--test], in a checkout. PYTHON has tensorflow-cpu (tried: 2.16.2, pip install --no-deps).
# Then `npx score-sde info` lists the engine, and bench/engine.ts, bench/parity.ts and the engine tests take it in; --test runs
# these: every kernel rule, parity of losses and gradients, gradients of images, the contract of an engine, and all of training.
set -e
checkout=$(pwd)
tensorflow=$("$1" -c 'import importlib.util as u; print(u.find_spec("tensorflow").submodule_search_locations[0])')
node_headers=${NODE_HEADERS:-$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node}
[ -f "$node_headers/node_api.h" ] || node_headers=/usr/include/node
npm install --no-save --ignore-scripts @tensorflow/tfjs-node@4.22.0
cd node_modules/@tensorflow/tfjs-node
mkdir -p deps/lib lib/napi-v8
ln -sfn "$tensorflow/include" deps/include
ln -sf "$tensorflow/libtensorflow_cc.so.2" deps/lib/libtensorflow.so
ln -sf "$tensorflow/libtensorflow_framework.so.2" deps/lib/libtensorflow_framework.so
g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION -I "$node_headers" -I deps/include -I . \
  binding/tfjs_backend.cc binding/tfjs_binding.cc -o lib/napi-v8/tfjs_binding.node \
  -Ldeps/lib -ltensorflow -ltensorflow_framework -Wl,-rpath,"$tensorflow"
node -e 'const tf = require("@tensorflow/tfjs-node"); console.log(tf.getBackend(), tf.version["tfjs-node"])'
if [ "$2" = --test ]; then
  cd "$checkout"
  npx vitest run tests/engine tests/training
fi
