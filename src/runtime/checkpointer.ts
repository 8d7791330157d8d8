/**
 * LangGraph's checkpoints over the store. They are a cache: when they are lost, the run graph starts again and finds
 * in the journal what is already done.
 */
import { isDeepStrictEqual } from 'node:util'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { MusterError } from '../core/index.ts'
import type { CheckpointRow, CheckpointStore, CheckpointWriteRow } from '../store/index.ts'

/** The checkpointer for graphs whose thread is a run. Rejects with `bad-input` when a config names no thread. */
export function createCheckpointer(store: CheckpointStore): BaseCheckpointSaver {
  return new StoreCheckpointer(store)
}

class StoreCheckpointer extends BaseCheckpointSaver {
  readonly #store: CheckpointStore

  constructor(store: CheckpointStore) {
    super()
    this.#store = store
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, namespace = '' } = placeOf(config)
    if (thread === undefined) return undefined
    // LangGraph says "the newest" by an empty id as well as by none.
    const row = await this.#store.get(thread, namespace, getCheckpointId(config) || undefined)
    return row && this.#tupleOf(row)
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { limit, before, filter = {} } = options
    const wanted = Object.entries(filter)
    const rows = await this.#store.list({
      ...placeOf(config),
      before: before && placeOf(before).id,
      // The store cannot look into metadata: with a filter, it is counted here.
      limit: wanted.length === 0 ? limit : undefined,
    })
    let left = limit ?? Number.POSITIVE_INFINITY
    for (const row of rows) {
      if (left <= 0) return
      const metadata: Record<string, unknown> = await this.serde.loadsTyped(row.type, row.metadata)
      if (!wanted.every(([key, value]) => isDeepStrictEqual(metadata[key], value))) continue
      left--
      yield this.#tupleOf(row)
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread, namespace = '', id: parent } = placeOf(config)
    if (thread === undefined) throw lacking('thread_id')
    const [[type, bytes], [metadataType, metadataBytes]] = await Promise.all([
      this.serde.dumpsTyped(copyCheckpoint(checkpoint)),
      this.serde.dumpsTyped(metadata),
    ])
    if (type !== metadataType) throw new MusterError('internal', `a checkpoint is \`${type}\`, its metadata is not`)
    await this.#store.put({
      thread,
      namespace,
      id: checkpoint.id,
      parent,
      type,
      checkpoint: bytes,
      metadata: metadataBytes,
    })
    return configOf(thread, namespace, checkpoint.id)
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], task: string): Promise<void> {
    const { thread, namespace = '', id: checkpoint } = placeOf(config)
    if (thread === undefined) throw lacking('thread_id')
    if (checkpoint === undefined) throw lacking('checkpoint_id')
    const rows = await Promise.all(
      writes.map(async ([channel, value], position): Promise<CheckpointWriteRow> => {
        const [type, bytes] = await this.serde.dumpsTyped(value)
        const index = WRITES_IDX_MAP[channel] ?? position
        return { thread, namespace, checkpoint, task, index, channel, type, value: bytes }
      }),
    )
    await this.#store.putWrites(rows)
  }

  override deleteThread(thread: string): Promise<void> {
    return this.#store.delete(thread)
  }

  async #tupleOf(row: CheckpointRow): Promise<CheckpointTuple> {
    const { thread, namespace, id, parent } = row
    const [checkpoint, metadata, pendingWrites] = await Promise.all([
      this.#checkpointOf(row),
      this.serde.loadsTyped(row.type, row.metadata),
      this.#writesOf(thread, namespace, id),
    ])
    return {
      config: configOf(thread, namespace, id),
      checkpoint,
      metadata,
      pendingWrites,
      ...(parent === undefined ? {} : { parentConfig: configOf(thread, namespace, parent) }),
    }
  }

  async #checkpointOf({ thread, namespace, parent, type, checkpoint }: CheckpointRow): Promise<Checkpoint> {
    const loaded: Checkpoint = await this.serde.loadsTyped(type, checkpoint)
    if (loaded.v >= 4 || parent === undefined) return loaded
    // Before version 4 what a step sent lay only among the writes of the checkpoint before it.
    const writes = await this.#writesOf(thread, namespace, parent)
    const sends = writes.filter(([, channel]) => channel === TASKS).map(([, , value]) => value)
    const versions = Object.values(loaded.channel_versions)
    const version = versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined)
    return {
      ...loaded,
      channel_values: { ...loaded.channel_values, [TASKS]: sends },
      channel_versions: { ...loaded.channel_versions, [TASKS]: version },
    }
  }

  async #writesOf(thread: string, namespace: string, id: string): Promise<CheckpointPendingWrite[]> {
    const rows = await this.#store.writes(thread, namespace, id)
    return Promise.all(
      rows.map(
        async ({ task, channel, type, value }): Promise<CheckpointPendingWrite> => [
          task,
          channel,
          await this.serde.loadsTyped(type, value),
        ],
      ),
    )
  }
}

interface Place {
  readonly thread: string | undefined
  readonly namespace: string | undefined
  readonly id: string | undefined
}

function placeOf({ configurable = {} }: RunnableConfig): Place {
  return {
    thread: textOf(configurable['thread_id']),
    namespace: textOf(configurable['checkpoint_ns']),
    id: textOf(configurable['checkpoint_id']),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function configOf(thread: string, namespace: string, id: string): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } }
}

function lacking(field: string): MusterError {
  return new MusterError('bad-input', `the config of the graph has no \`${field}\``, {
    hint: `pass it as \`configurable.${field}\``,
  })
}
