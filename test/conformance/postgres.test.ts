import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { defineSystem } from "../../components/index";
import { run } from "../../images/command";
import { PlannedContainer } from "./docker/planned-container";
import { eventually } from "./eventually";
import { buildMilliseconds, presentImages } from "./present-images";

const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

for (const version of [13, 15] as const)
  describe(`the catalogue's PostgreSQL ${version}`, function () {
    this.timeout(180_000);
    const plan = defineSystem("shop", (s) => void s.postgres("db", { version, user: "the-owner" })).plan();
    const [service] = plan.services;
    assert.ok(service !== undefined);
    const volume = `twofold-postgres-${randomBytes(4).toString("hex")}`;
    let reference: string;
    let container: PlannedContainer | undefined;

    before(async function () {
      this.timeout(buildMilliseconds);
      reference = (await presentImages([service.image]))(service.image);
    });
    const remove = async (): Promise<void> => {
      await container?.remove();
      container = undefined;
    };
    after(async () => {
      await remove();
      await docker("volume", "rm", "--force", volume);
    });

    /** Runs the service as planned on the same volume; a secret has the given value. */
    const startWith = async (password: string): Promise<void> => {
      await remove();
      const mounts = Object.values(service.volumes).flatMap(({ path }) => ["--volume", `${volume}:${path}`]);
      container = await PlannedContainer.start(service, { reference, secret: () => password, options: mounts });
      try {
        await eventually(() => answer(password), 60);
      } catch (error) {
        throw new Error(`its log:\n${await container.log()}`, { cause: error });
      }
    };
    /** Asks whether it keeps no password but a verifier, at the container's own address: the images trust whoever comes from its loopback. */
    const answer = (password: string): Promise<string> => {
      assert.ok(container !== undefined);
      const ask = `psql -h "$(hostname -i)" -U the-owner -d app -At -c "SELECT rolpassword LIKE 'SCRAM-%' FROM pg_authid WHERE rolname = 'the-owner'"`;
      return docker("exec", "--env", `PGPASSWORD=${password}`, container.id, "sh", "-c", ask);
    };

    it("takes the password of its secret, and keeps none, also where the data was made with another one", async () => {
      await startWith("first'one");
      assert.equal((await answer("first'one")).trim(), "t");
      await startWith('second"one');
      assert.equal((await answer('second"one')).trim(), "t");
      await assert.rejects(answer("first'one"), /password authentication failed/);
      assert.ok(container !== undefined);
      assert.doesNotMatch(await container.log(), /second|ALTER/);
    });
  });
