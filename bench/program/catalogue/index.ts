import { join } from "node:path";

// Pulumi wants the program below the folder of Pulumi.yaml, and the program looks for what it builds where it runs.
const root = join(__dirname, "../../..");
process.chdir(root);
module.exports = require(root);
