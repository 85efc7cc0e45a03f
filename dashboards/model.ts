/** As much of Grafana's model of a dashboard as is checked. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly links: readonly LinkModel[];
  readonly templating?: { readonly list?: readonly VariableModel[] };
  readonly panels: readonly PanelModel[];
}

interface LinkModel {
  readonly type: string;
  readonly tags: readonly string[];
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}

export interface VariableModel {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  readonly query?: string;
  readonly datasource?: { readonly uid?: string };
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface PanelModel {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly TargetModel[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
      readonly custom?: { readonly thresholdsStyle?: object };
    };
  };
}

export interface TargetModel {
  readonly refId: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  /** What Graphite is asked. */
  readonly target?: string;
  /** What InfluxDB is asked. */
  readonly query?: string;
}

export const modelOf = ({ model }: { readonly model: object }): DashboardModel => model as DashboardModel;

export const variablesOf = ({ templating }: DashboardModel): readonly VariableModel[] => templating?.list ?? [];

/** Whether a panel asks Prometheus, or another store that has words of its own. */
export const asksPrometheus = ({ datasource }: PanelModel): boolean => datasource.type === "prometheus";
