import { readStack } from "./config/read";
import { type Deployment, deploySystems, explained } from "./systems/deploy";

async function deployStack(): Promise<Deployment> {
  try {
    return await deploySystems(readStack());
  } catch (error) {
    return explained(error);
  }
}

// Pulumi calls a function that is exported like this, and takes what it resolves to for the outputs of the stack.
module.exports = deployStack;
